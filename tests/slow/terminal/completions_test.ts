import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { call, commandSamples } from "../../kit/samples.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** Writes the script for a shell into a folder and returns its path. */
async function scriptFor(shell: string, folder: string): Promise<string> {
  const { stdout } = expectExit(await perfmon(["completions", shell]), 0);
  const path = `${folder}/perfmon.${shell}`;
  await Deno.writeTextFile(path, stdout);
  return path;
}

/** What completes names of a log: the binary as `perfmon` on PATH, and a log, in a folder. */
function withLog(folder: string): Record<string, string> {
  Deno.symlinkSync(Deno.realPathSync(binary), `${folder}/perfmon`);
  const file = writeLog(folder, logText(commandSamples()));
  return { PATH: `${folder}:${Deno.env.get("PATH")}`, PERFMON_FILE: file };
}

/** Another log than that which `withLog` names, and its path: with a blank, as a shell writes it. */
function otherLog(folder: string): string {
  const samples = call("x", 1, 2, { toolName: "Read", sessionId: "beef" });
  Deno.mkdirSync(`${folder}/another one`, { recursive: true });
  return writeLog(`${folder}/another one`, logText(samples)).replace(" ", "\\ ");
}

async function output(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

testWith("bash", "bash completes commands, subcommands, flags and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("bash", folder.path);
  const env = withLog(folder.path);
  const complete = async (...words: string[]): Promise<string[]> => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const line = `source '${script}'; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; ` +
      `_perfmon; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await output("bash", ["-c", line], env)).trim().split("\n");
  };
  assertEquals(await complete("perfmon", "report", "--tool", "We"), ["WebFetch"]);
  assertEquals(await complete("perfmon", "top", "--command", "npm"), [
    "npm\\ run\\ dev",
    "npm\\ test",
  ]);
  assertEquals(await complete("perfmon", "report", "--session", ""), ["last", "7d1f", "a02c"]);
  assertEquals(await complete("perfmon", "report", "a0"), ["a02c"]);
  assertEquals(await complete("perfmon", "report", "--sort", "gr"), ["growth"]);
  for (const file of [["--file"], ["--file", "="]]) {
    const words = ["perfmon", "report", ...file, otherLog(folder.path), "--session", ""];
    assertEquals(await complete(...words), ["last", "beef"]);
  }
  assertEquals(await complete("perfmon", "sta"), ["status"]);
  assertEquals((await complete("perfmon", "hooks", "")).includes("install"), true);
  assertEquals(await complete("perfmon", "hooks", "install", "--sc"), ["--scope"]);
  assertEquals(await complete("perfmon", "rec", "start", "--layout", ""), ["full", "basic"]);
});

testWith("fish", "fish completes commands, subcommands, flags and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("fish", folder.path);
  const env = withLog(folder.path);
  const complete = async (line: string): Promise<string[]> => {
    const text = await output("fish", [
      "--no-config",
      "-c",
      `source '${script}'; complete -C '${line}'`,
    ], env);
    return text.trim().split("\n").map((each) => each.split("\t")[0] ?? "");
  };
  assertEquals(await complete("perfmon sta"), ["status"]);
  assertEquals((await complete("perfmon hooks ")).includes("install"), true);
  assertEquals(await complete("perfmon hooks install --sc"), ["--scope"]);
  assertEquals((await complete("perfmon rec start --layout ")).toSorted(), ["basic", "full"]);
  assertEquals(await complete("perfmon top --command npm"), ["npm run dev", "npm test"]);
  assertEquals(await complete("perfmon report --session a"), ["a02c"]);
  const line = `perfmon report --file ${otherLog(folder.path)} --session `;
  assertEquals((await complete(line)).toSorted(), ["beef", "last"]);
  assertEquals(await complete("perfmon report --sort gr"), ["growth"]);
});

testWith("zsh", "zsh completes commands, subcommands and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("zsh", folder.path);
  const driver = `${import.meta.dirname}/../../testdata/complete.zsh`;
  const env = withLog(folder.path);
  const complete = (line: string): Promise<string> =>
    output("zsh", ["-f", driver, script, line], env);
  const top = await complete("perfmon r");
  assertStringIncludes(top, "Record one hook event");
  assertStringIncludes(top, "report");
  assertStringIncludes(await complete("perfmon hooks "), "Put the hooks into a settings.json");
  assertStringIncludes(await complete("perfmon rec start --layout "), "basic");
  assertStringIncludes(await complete("perfmon top --command cargo"), "cargo\\ build");
  assertStringIncludes(await complete("perfmon report --session "), "7d1f");
  const line = `perfmon report --file ${otherLog(folder.path)} --session `;
  assertStringIncludes(await complete(line), "beef");
});

Deno.test("an unknown shell is a usage error that names the known ones", async () => {
  const { stderr, stdout } = expectExit(await perfmon(["completions", "ksh"]), 64);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, "give bash, zsh or fish");
});

Deno.test("names of a log come without what would steer a terminal; without a log there are none", async () => {
  using folder = temporaryFolder();
  const text = logText(commandSamples()).replaceAll(",api,", ",a\x1b[31mb,");
  const file = writeLog(folder.path, text);
  const names = async (log: string): Promise<string> =>
    expectExit(await perfmon(["completions", "--names", "project", "--file", log]), 0).stdout;
  assertEquals(await names(file), "a?[31mb\n");
  assertEquals(await names(`${folder.path}/none.csv`), "");
});
