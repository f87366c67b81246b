import type { HooksReport } from "../../agents/claude/hooks/inspect/inspect.ts";
import { isWatching } from "../../agents/claude/hooks/inspect/settings_report.ts";
import type { LogLocation } from "../../log/location.ts";
import { samplerObstacle } from "../../sampler/watch/sampler_lock.ts";
import { samplerUsage, samplerWords } from "../../sampler/watch/sampler_usage.ts";
import { INSTALL } from "./doctor_checks.ts";
import { advise, type Check, pass } from "./verdict.ts";

/** The process that watches calls runs, or would with the next call. */
export function checkSampler(hooks: HooksReport, { folder }: LogLocation, now: number): Check {
  const name = "Sampler";
  const isWanted = hooks.settings.some(isWatching);
  const usage = samplerUsage(folder);
  if (usage === undefined && !hooks.isRecording) return pass(name, "not running: no hooks do");
  if (usage?.isStopped === true) {
    const finding = `was stopped (pid ${usage.pid}) and sees nothing`;
    return advise(name, finding, `kill -CONT ${usage.pid}`);
  }
  const obstacle = samplerObstacle(folder);
  const finding = samplerWords(usage, { isWanted, obstacle, now });
  if (usage !== undefined) return pass(name, finding);
  if (!isWanted) return advise(name, finding, `${INSTALL} --watch`);
  return obstacle === undefined
    ? pass(name, finding)
    : advise(name, finding, "remove what lies there");
}
