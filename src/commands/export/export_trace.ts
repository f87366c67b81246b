import { turnsIn } from "../../query/turns_in.ts";
import { locate } from "../../query/asked_log.ts";
import { select } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { type Command, EXIT } from "../../cli/command.ts";
import { OUTPUT_FLAG, outputPath } from "../../cli/output_file.ts";
import { warn } from "../../cli/output.ts";
import { Sink } from "../../cli/sink.ts";
import { traceEvents } from "./trace_events.ts";

/** `perfmon export trace`. */
export const exportTrace: Command = {
  name: "export trace",
  readsLog: true,
  summary: "Sessions, turns and calls as a trace that ui.perfetto.dev and Chrome open",
  flags: [
    { name: "no-command", help: "Leave out which command each call was" },
    OUTPUT_FLAG,
    ...SELECTION_FLAGS,
  ],
  notes: [
    "JSON in the Trace Event Format: open it at https://ui.perfetto.dev, which reads it in the browser and " +
    "sends it nowhere, or at chrome://tracing. Each session is a process with a track for turns, and as many " +
    "for calls as ran at the same time, those of a subagent on their own; in a call lies what it waited at " +
    "the gate and in a prompt. Counters are the client's resident set, and the greatest peak of memory of " +
    "the calls that ran.",
  ],
  examples: [
    ["export trace --since today -o today.json", "to be opened at ui.perfetto.dev"],
    ["export trace --session last -o session.json", "the newest session"],
  ],
  async run(args): Promise<number> {
    const output = outputPath(args, locate(args));
    const selection = await select(args);
    using sink = new Sink(output);
    const events = traceEvents({
      calls: selection.calls,
      turns: turnsIn(selection).turns,
      now: selection.now,
      withCommands: !args.has("no-command"),
    });
    sink.write('{"displayTimeUnit":"ms","traceEvents":[');
    let separator = "\n";
    for (const event of events) {
      await sink.write(separator + JSON.stringify(event));
      separator = ",\n";
    }
    sink.write("\n]}\n");
    sink.finish();
    if (selection.badRows !== undefined) warn(selection.badRows);
    return EXIT.ok;
  },
};
