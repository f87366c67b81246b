import {
  assertEquals,
  AssertionError,
  assertStringIncludes,
  assertThrows,
} from "../std/std_assert.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { testWith } from "../kit/tools.ts";

Deno.test("perfmon runs the binary in an environment of its own", async () => {
  const result = await perfmon(["--version"], { stdin: "not read" });
  expectExit(result, 0);
  assertEquals(result.args, ["--version"]);
});

Deno.test("expectExit shows the whole run where the exit status is another", () => {
  const result = { args: ["top", "-n 1"], code: 64, stdout: "some data", stderr: "some reason" };
  assertEquals(expectExit(result, 64), result);
  const { message } = assertThrows(() => expectExit(result, 0), AssertionError);
  for (const part of [binary, '"top" "-n 1"', "got 64", "some data", "some reason"]) {
    assertStringIncludes(message, part);
  }
});

Deno.test("temporaryFolder removes the folder at the end of its block", () => {
  let path: string;
  {
    using folder = temporaryFolder();
    path = folder.path;
    Deno.writeTextFileSync(`${path}/file`, "");
  }
  assertThrows(() => Deno.statSync(path), Deno.errors.NotFound);
});

testWith("sh", "testWith registers a test whose tool is there", () => {});

Deno.test("testWith ignores a test whose tool is missing, and names the tool", async () => {
  using folder = temporaryFolder();
  const tools = new URL("../kit/tools.ts", import.meta.url);
  const config = `${import.meta.dirname}/../../deno.json`;
  await Deno.writeTextFile(
    `${folder.path}/some_test.ts`,
    `import { testWith } from ${JSON.stringify(tools)};
     testWith(["sh", "no-such-tool"], "test", () => {});`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", `--config=${config}`, "some_test.ts"],
    cwd: folder.path,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertStringIncludes(text, "test [needs no-such-tool] ... ignored");
});
