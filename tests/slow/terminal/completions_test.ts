import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** Writes the script for a shell into a folder and returns its path. */
async function scriptFor(shell: string, folder: string): Promise<string> {
  const { stdout } = expectExit(await perfmon(["completions", shell]), 0);
  const path = `${folder}/perfmon.${shell}`;
  await Deno.writeTextFile(path, stdout);
  return path;
}

async function output(program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

testWith("bash", "bash completes commands, subcommands, flags and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("bash", folder.path);
  const complete = async (...words: string[]): Promise<string[]> => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const line = `source '${script}'; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; ` +
      `_perfmon; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await output("bash", ["-c", line])).trim().split("\n");
  };
  assertEquals(await complete("perfmon", "sta"), ["status"]);
  assertEquals((await complete("perfmon", "hooks", "")).includes("install"), true);
  assertEquals(await complete("perfmon", "hooks", "install", "--sc"), ["--scope"]);
  assertEquals(await complete("perfmon", "rec", "start", "--layout", ""), ["full", "basic"]);
});

testWith("fish", "fish completes commands, subcommands, flags and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("fish", folder.path);
  const complete = async (line: string): Promise<string[]> => {
    const text = await output("fish", [
      "--no-config",
      "-c",
      `source '${script}'; complete -C '${line}'`,
    ]);
    return text.trim().split("\n").map((each) => each.split("\t")[0] ?? "");
  };
  assertEquals(await complete("perfmon sta"), ["status"]);
  assertEquals((await complete("perfmon hooks ")).includes("install"), true);
  assertEquals(await complete("perfmon hooks install --sc"), ["--scope"]);
  assertEquals((await complete("perfmon rec start --layout ")).toSorted(), ["basic", "full"]);
});

testWith("zsh", "zsh completes commands, subcommands and listed values", async () => {
  using folder = temporaryFolder();
  const script = await scriptFor("zsh", folder.path);
  const driver = `${import.meta.dirname}/../../testdata/complete.zsh`;
  const complete = (line: string): Promise<string> => output("zsh", ["-f", driver, script, line]);
  const top = await complete("perfmon r");
  assertStringIncludes(top, "Record one hook event");
  assertStringIncludes(top, "report");
  assertStringIncludes(await complete("perfmon hooks "), "Put the hooks into a settings.json");
  assertStringIncludes(await complete("perfmon rec start --layout "), "basic");
});

Deno.test("an unknown shell is a usage error that names the known ones", async () => {
  const { stderr, stdout } = expectExit(await perfmon(["completions", "ksh"]), 64);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, "give bash, zsh or fish");
});
