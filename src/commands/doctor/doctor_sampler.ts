import type { HooksReport } from "../../agents/claude/hooks/inspect/inspect.ts";
import { isWatching } from "../../agents/claude/hooks/inspect/settings_report.ts";
import type { LogLocation } from "../../log/location.ts";
import { samplerObstacle } from "../../sampler/watch/sampler_lock.ts";
import { samplerUsage, samplerWords } from "../../sampler/watch/sampler_usage.ts";
import { INSTALL } from "./doctor_checks.ts";
import type { Check } from "./verdict.ts";

/** The process that watches calls runs, or would with the next call. */
export function checkSampler(hooks: HooksReport, { folder }: LogLocation, now: number): Check {
  const isWanted = hooks.settings.some(isWatching);
  const usage = samplerUsage(folder);
  if (usage === undefined && !hooks.isRecording) {
    return { name: "Sampler", verdict: "pass", finding: "not running: no hooks do" };
  }
  const obstacle = samplerObstacle(folder);
  if (usage === undefined && isWanted && obstacle !== undefined) {
    return {
      name: "Sampler",
      verdict: "advise",
      finding: samplerWords(usage, { isWanted, obstacle, now }),
      remedy: "remove what lies there",
    };
  }
  if (usage?.isStopped === true) {
    return {
      name: "Sampler",
      verdict: "advise",
      finding: `was stopped (pid ${usage.pid}) and sees nothing`,
      remedy: `kill -CONT ${usage.pid}`,
    };
  }
  const isFine = isWanted || usage !== undefined;
  return {
    name: "Sampler",
    verdict: isFine ? "pass" : "advise",
    finding: samplerWords(usage, { isWanted, obstacle, now }),
    ...(isFine ? {} : { remedy: `${INSTALL} --watch` }),
  };
}
