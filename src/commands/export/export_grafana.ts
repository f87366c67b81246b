import { dashboard, provider } from "./grafana.ts";
import { alertRules } from "./prometheus_rules.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { OUTPUT_FLAG, PUBLIC_MODE } from "../../cli/output_file.ts";
import { Sink } from "../../cli/sink.ts";

const FLAG = { ...OUTPUT_FLAG, help: `${OUTPUT_FLAG.help}, readable to all (0644)` };

/** `perfmon export grafana`. */
export const exportGrafana: Command = {
  name: "export grafana",
  summary: "A Grafana dashboard of the metrics for Prometheus, and how Grafana loads it",
  flags: [
    {
      name: "provider",
      value: "FOLDER",
      help: "Instead of the dashboard the provider that loads dashboards out of this folder",
    },
    FLAG,
  ],
  notes: [
    "The dashboard is JSON for file provisioning, with the data source, job, instance and tool as " +
    "variables. The provider is YAML for Grafana's provisioning/dashboards.",
  ],
  examples: [
    ["export grafana -o perfmon.json", "the dashboard"],
    ["export grafana --provider /srv/dashboards", "for the folder that holds it"],
  ],
  run(args): number {
    const folder = args.text("provider");
    if (folder !== undefined && !folder.startsWith("/")) {
      throw new CommandError(
        `Cannot use "${folder}" for --provider: give the folder's path from / on`,
        EXIT.usage,
      );
    }
    return print(args, folder === undefined ? dashboardText() : provider(folder));
  },
};

/** `perfmon export rules`. */
export const exportRules: Command = {
  name: "export rules",
  summary: "Alert rules for Prometheus: slow or failing tools, memory, hung calls, silence",
  flags: [FLAG],
  notes: [
    "A rule file to begin with: change its thresholds to what is normal for you. " +
    "PerfmonExportStale needs node_exporter's textfile collector.",
  ],
  examples: [
    ["export rules -o /etc/prometheus/perfmon.rules.yml", "name it in rule_files"],
  ],
  run: (args) => print(args, alertRules()),
};

function dashboardText(): string {
  return JSON.stringify(dashboard(), undefined, 2) + "\n";
}

function print(args: Arguments, text: string): number {
  using sink = new Sink(args.text("output"), PUBLIC_MODE);
  sink.write(text);
  sink.finish();
  return EXIT.ok;
}
