import { exposition, isLabelName, type Labels } from "./exposition.ts";
import { type Arguments, type Command, CommandError, EXIT, type Flag } from "../../cli/command.ts";
import { OUTPUT_FLAG, outputPath, PUBLIC_MODE } from "../../cli/output_file.ts";
import { withMetrics } from "./with_metrics.ts";
import { locate } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { Sink } from "../../cli/sink.ts";

/** Whose figures these are, where they meet others'. */
export const LABEL_FLAG: Flag = {
  name: "label",
  value: "NAME=VALUE",
  repeatable: true,
  help: "Add a label to every series, e.g. user=ada where several people share a host",
};

/** Says which commands the calls were. */
export const COMMAND_FLAG: Flag = {
  name: "command",
  help:
    "Also count calls by command (npm test), from the first export with this flag on; without it " +
    "nothing says which command a call was",
};

/** `perfmon export prometheus`. */
export const exportPrometheus: Command = {
  name: "export prometheus",
  readsLog: true,
  summary: "Metrics for Prometheus, as text: counters that outlive the log's rotation",
  flags: [
    { ...OUTPUT_FLAG, help: `${OUTPUT_FLAG.help}, readable to all (0644)` },
    LABEL_FLAG,
    COMMAND_FLAG,
    FILE_FLAG,
  ],
  notes: [
    "Counters count every call once, when it ends, and go on through rotations and when old history " +
    "is removed: what was counted, and up to which row, is kept in performance.d/state.json from the " +
    "first export on. perfmon clear sets them back to 0, which Prometheus takes for a restart. With " +
    "--history 0 what is rotated out between two exports was never seen.",
    "Durations are the client's figures where it gives one, without calls that went to the " +
    "background; CPU of calls at the same time counts once. Imported calls are not in it. 100 tools " +
    'are told apart, first come first served; the rest is tool="other". Memory and CPU of the ' +
    "clients are looked up now, of those that live. With --command there are perfmon_command_calls_total, " +
    "…_duration_seconds_total and …_cpu_seconds_total besides, of 100 commands.",
  ],
  examples: [
    ["export prometheus", "see what there is"],
    [
      "export prometheus -o /var/lib/prometheus/node-exporter/perfmon.prom",
      "for node_exporter's textfile collector, from cron or a timer",
    ],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const labels = labelsOf(args);
  const location = locate(args);
  const output = outputPath(args, location);
  await withMetrics(location, { withCommands: args.has("command") }, (metrics) => {
    using sink = new Sink(output, PUBLIC_MODE);
    sink.write(exposition(metrics, labels));
    sink.finish();
  });
  return EXIT.ok;
}

/** The labels that were asked for; throws a `CommandError` (64) where one can't be used. */
export function labelsOf(args: Arguments): Labels {
  const labels: Record<string, string> = {};
  for (const each of args.texts("label")) {
    const [, name, value] = /^([^=]*)=(.+)$/s.exec(each) ?? [];
    if (name === undefined || value === undefined) {
      throw new CommandError(
        `Cannot use "${each}" for --label: give NAME=VALUE, e.g. user=ada`,
        EXIT.usage,
      );
    }
    if (!isLabelName(name)) {
      throw new CommandError(
        `Cannot use "${name}" as a label: give letters, digits and _, and no name that perfmon's ` +
          `series have already`,
        EXIT.usage,
      );
    }
    labels[name] = value;
  }
  return labels;
}
