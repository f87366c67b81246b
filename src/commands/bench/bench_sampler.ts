import { type HookLines, runHook } from "../../agents/claude/hooks/hook_trial.ts";
import { resolveLog } from "../../log/resolve.ts";
import { samplerUsage } from "../../sampler/watch/sampler_usage.ts";
import type { SamplerCost } from "./bench_text.ts";

/** So long is the call that is watched, seconds: the sampler looks most often at the beginning. */
const CALL_SECONDS = 3;
/** So long the sampler has to begin, and to end, milliseconds. */
const PATIENCE_MS = 2000;

/**
 * What the sampler uses while it watches a call of one process, and what a hook's start takes meanwhile by `measure`;
 * `undefined` where the hooks start none.
 */
export async function measureSampler(
  lines: HookLines,
  log: string,
  measure: (run: () => Promise<number>) => Promise<SamplerCost["start"]>,
): Promise<SamplerCost | undefined> {
  if (!/ --watch\b/.test(lines.start) || Deno.build.os !== "linux") return undefined;
  const { folder } = resolveLog(log);
  const command = `sleep ${CALL_SECONDS}`;
  const members = { tool_name: "Bash", tool_input: { command } };
  const start = async (): Promise<number> =>
    (await runHook(lines.start, "start", log, ["sh"], {}, members)).took;
  await start();
  await until(() => samplerUsage(folder) !== undefined);
  const before = samplerUsage(folder);
  const began = performance.now();
  const shell = new Deno.Command("/bin/sh", {
    args: ["-c", `: && eval '${command}' && pwd -P >| /dev/null`],
    cwd: "/",
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await shell.status;
  const after = samplerUsage(folder);
  const seconds = (performance.now() - began) / 1000;
  const measured = after === undefined ? undefined : await measure(start);
  try {
    if (after !== undefined) Deno.kill(after.pid, "SIGTERM");
  } catch {
    // It has ended.
  }
  await until(() => samplerUsage(folder) === undefined);
  if (before?.cpuSeconds === undefined || after?.cpuSeconds === undefined) return undefined;
  return {
    cpuShare: (after.cpuSeconds - before.cpuSeconds) / seconds,
    memoryRss: after.memoryRss,
    seconds: CALL_SECONDS,
    start: measured,
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end && !isSo();) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
