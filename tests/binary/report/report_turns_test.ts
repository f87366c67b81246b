/** Turns and permission requests of a log, by the compiled binary. */
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import { HOUR_AGO, logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

function event(kind: EventKind, after: number, rest: Partial<Sample> = {}): Sample {
  const { toolName = "unknown", ...others } = rest;
  return { ...start(HOUR_AGO + after, others), event: kind, toolName };
}

/** A turn of 10 s: 2 s in Bash, 3 s in its prompt, 5 s the model's. Beside it one of 3 s in another project. */
const ROWS: readonly Sample[] = [
  event("prompt", 0, { project: "api" }),
  event("permission", 2, { toolName: "Bash", command: "git push", project: "api" }),
  start(HOUR_AGO + 2, { toolUseId: "a", project: "api" }),
  end(HOUR_AGO + 7, { toolUseId: "a", durationMs: 2000, project: "api" }),
  event("stop", 10, { status: "ok", project: "api" }),
  event("prompt", 1, { project: "web", sessionId: "other" }),
  start(HOUR_AGO + 2, { toolUseId: "b", project: "web", sessionId: "other" }),
  end(HOUR_AGO + 4, { toolUseId: "b", durationMs: 2000, project: "web", sessionId: "other" }),
  event("stop", 4, { status: "error", project: "web", sessionId: "other" }),
  // Another client runs the same hooks.
  event("prompt", 20, { client: "copilot", sessionId: "theirs" }),
  event("stop", 30, { client: "copilot", sessionId: "theirs", status: "ok" }),
];

async function report(folder: string, ...args: string[]): Promise<RunResult> {
  return await perfmon(["report", "--file", `${folder}/performance.csv`, ...args], {
    env: { HOME: folder },
  });
}

Deno.test("report: where the time went comes first, in text and JSON", async () => {
  using folder = temporaryFolder();
  writeLog(folder.path, logText(ROWS));
  const { stdout } = expectExit(await report(folder.path, "--project", "api"), 0);
  assertMatch(stdout, /\n\nTime +1 turn, 10\.0s: model 50%, tools 20%, prompts 30%\n/);
  assertMatch(stdout, /^All .* 3\.0s /m);
  const { turns } = JSON.parse(expectExit(await report(folder.path, "--json"), 0).stdout);
  assertEquals([turns.turns, turns.seconds, turns.prompts_seconds], [2, 13, 3]);
});

Deno.test("report --by turn and --by permission: each turn of the sessions asked for, in three formats", async () => {
  using folder = temporaryFolder();
  writeLog(folder.path, logText(ROWS));
  const json = async (...args: string[]) =>
    JSON.parse(expectExit(await report(folder.path, "--json", ...args), 0).stdout);
  const all = await json("--by", "turn");
  assertEquals(
    all.turns.map((turn: Record<string, unknown>) => [turn["session_id"], turn["model_seconds"]]),
    [["s", 5], ["other", 1]],
  );
  assertEquals((await json("--by", "turn", "--project", "web")).turns.length, 1);
  assertEquals((await json("--by", "turn", "--session", "s")).turns.length, 1);
  assertEquals((await json("--by", "turn", "--client", "all")).turns.length, 3);
  assertEquals((await json("--by", "turn", "--until", "2h")).turns.length, 0);
  const { permissions } = await json("--by", "permission");
  assertEquals([permissions[0].command, permissions[0].seconds, permissions[0].ran], [
    "git push",
    3,
    true,
  ]);
  for (const by of ["turn", "permission"]) {
    const text = expectExit(await report(folder.path, "--by", by), 0).stdout;
    assertMatch(text, /^All /m);
    assertMatch(text, /[^\n]\n$/);
    const csv = expectExit(await report(folder.path, "--by", by, "--csv"), 0).stdout;
    assertEquals(csv.trim().split("\n").length, by === "turn" ? 3 : 2);
  }
});

Deno.test("report --by turn takes no filter of calls, and says where no prompts are recorded", async () => {
  using folder = temporaryFolder();
  writeLog(folder.path, logText(ROWS.filter(({ event }) => event === "start" || event === "end")));
  for (const flag of [["--tool", "Bash"], ["--status", "ok"], ["--sort", "total"]]) {
    const { stderr } = expectExit(await report(folder.path, "--by", "turn", ...flag), 64);
    assertStringIncludes(stderr, `Cannot use ${flag[0]} with --by turn`);
  }
  const { stdout } = expectExit(await report(folder.path, "--by", "permission"), 1);
  assertStringIncludes(stdout, "No permission request is recorded");
  assert(!expectExit(await report(folder.path), 0).stdout.includes("Time  "));
});

Deno.test("report --session: the turns' time as a sentence and as a bar", async () => {
  using folder = temporaryFolder();
  writeLog(folder.path, logText(ROWS));
  const env = { HOME: folder.path, LC_ALL: "C.UTF-8" };
  const path = `${folder.path}/performance.csv`;
  const { stdout } = expectExit(await perfmon(["report", "s", "--file", path], { env }), 0);
  assertMatch(stdout, /^Turns +1 turn: █ model 5\.0s, ▓ tools 2\.0s, ▒ prompts 3\.0s$/m);
  assertMatch(stdout, /^ +█{30}▓{12}▒{18}$/m);
  const session = expectExit(await perfmon(["report", "s", "--json", "--file", path], { env }), 0);
  assertEquals(JSON.parse(session.stdout).turns.tools_seconds, 2);
});
