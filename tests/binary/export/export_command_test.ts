/** What leaves the machine says which command a call was only where that is wanted. */
import { logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, end } from "../../kit/samples.ts";
import { dataOf } from "../page_text.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";

const HOUR_AGO = Math.floor(Date.now() / 1000) - 3600;
const MORE = { command: "canary run", params: "canary run --x" };
const PEAK = {
  peakRss: 1 << 20,
  peakProcesses: 2,
  peakProcess: "canary-worker",
  processSeconds: 4,
};
const LOG = logText([
  ...call("t1", HOUR_AGO, HOUR_AGO + 5, MORE),
  { ...end(HOUR_AGO + 5.1, { toolUseId: "t1", ...MORE, ...PEAK }), event: "peak" },
]);

Deno.test("exports and the dashboard have the command, and with --no-command nothing of it", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, LOG);
  const commands = [["export", "csv"], ["export", "csv", "--calls"], ["export", "json"], [
    "export",
    "json",
    "--calls",
  ], ["export", "trace"]];
  for (const command of commands) {
    const run = async (...flags: string[]): Promise<string> =>
      expectExit(await perfmon([...command, "--file", file, ...flags]), 0).stdout;
    assert((await run()).includes("canary run"), command.join(" "));
    const without = await run("--no-command");
    assert(!without.includes("canary") && without.includes("Bash"), without);
  }
  const page = async (...flags: string[]): Promise<string> =>
    await dataOf(
      expectExit(await perfmon(["dashboard", "-o", "-", "--file", file, ...flags]), 0).stdout,
    );
  const told = await page();
  assert(told.includes("canary run") && told.includes("canary-worker"));
  const without = await page("--no-command");
  assert(!without.includes("canary") && without.includes("Bash"));
});

Deno.test("metrics, profiles and OTLP don't say which command a call was", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, LOG);
  const { stdout } = expectExit(await perfmon(["export", "prometheus", "--file", file]), 0);
  assert(stdout.includes("Bash") && !stdout.includes("canary"));
  expectExit(await perfmon(["profile", "save", "p", "--file", file]), 0);
  const profile = Deno.readTextFileSync(`${folder.path}/performance.d/profiles/p.json`);
  assert(profile.includes("Bash") && !profile.includes("canary"));
  const bodies: string[] = [];
  const listen = { port: 0, hostname: "127.0.0.1", onListen: (): void => {} };
  await using server = Deno.serve(listen, async (request) => {
    bodies.push(await request.text());
    return Response.json({});
  });
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const otlp = ["export", "otlp", "--endpoint", endpoint, "--file", file];
  expectExit(await perfmon(otlp), 0);
  assertEquals(bodies.length, 1);
  assert(bodies[0]!.includes("Bash") && !bodies[0]!.includes("canary"), bodies[0]);
  const state = Deno.readTextFileSync(`${folder.path}/performance.d/state.json`);
  assert(state.includes("Bash") && !state.includes("canary"), state);
});

Deno.test("metrics and OTLP count by command where --command asks for it, and only then", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, LOG);
  const metrics = async (...flags: string[]): Promise<string> =>
    expectExit(await perfmon(["export", "prometheus", "--file", file, ...flags]), 0).stdout;
  const counted = (text: string, name: string): string | undefined =>
    new RegExp(`^${name}\\{tool="Bash",command="canary run"(?:,status="ok")?\\} (.*)$`, "m")
      .exec(text)?.[1];
  const first = await metrics("--command");
  assertEquals(counted(first, "perfmon_command_calls_total"), "1");
  assertEquals(counted(first, "perfmon_command_duration_seconds_total"), "5");
  assertEquals(counted(first, "perfmon_command_cpu_seconds_total"), "0");
  assertMatch(first, /^perfmon_tool_calls_total\{tool="Bash",status="ok"\} 1$/m);
  // Exports without the flag say nothing of it, and let no call go uncounted.
  const later = logText(call("t2", HOUR_AGO + 10, HOUR_AGO + 12, MORE));
  Deno.writeTextFileSync(file, later.slice(later.indexOf("\n") + 1), { append: true });
  assert(!(await metrics()).includes("canary"));
  const second = await metrics("--command");
  assertEquals(counted(second, "perfmon_command_calls_total"), "2");
  assertEquals(counted(second, "perfmon_command_duration_seconds_total"), "7");
  const otlp = async (...flags: string[]): Promise<string> =>
    expectExit(await perfmon(["export", "otlp", "--dry-run", "--file", file, ...flags]), 0).stdout;
  assert(!(await otlp()).includes("canary"));
  const { resourceMetrics: [{ scopeMetrics: [{ metrics: sent }] }] } = JSON.parse(
    await otlp("--command"),
  );
  const names = sent.map(({ name }: { name: string }) => name);
  for (const name of ["calls", "duration", "cpu"]) {
    assert(names.includes(`perfmon.command.${name}`));
  }
});
