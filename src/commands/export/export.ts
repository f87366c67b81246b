import { type Command, CommandError, EXIT } from "../../cli/command.ts";
import { exportGrafana, exportRules } from "./export_grafana.ts";
import { exportOtlp } from "./export_otlp.ts";
import { exportPrometheus } from "./export_prometheus.ts";
import { exportRows } from "./export_rows.ts";
import { exportTrace } from "./export_trace.ts";

const subcommands = [
  ...exportRows,
  exportPrometheus,
  exportOtlp,
  exportGrafana,
  exportRules,
  exportTrace,
];

export const command: Command = {
  name: "export",
  summary: "Samples and calls as CSV, JSON or a trace; metrics for Prometheus, Grafana, OTLP",
  operands: "FORMAT",
  flags: [],
  examples: [
    ["export csv > samples.csv", "every row of log and history"],
    ["export prometheus -o /var/lib/prometheus/node-exporter/perfmon.prom", "for node_exporter"],
  ],
  subcommands,
  subcommandWord: "format",
  run(): number {
    const names = subcommands.map(({ name }) => name.slice("export ".length)).join(", ");
    throw new CommandError(`Cannot export without a format: give ${names}`, EXIT.usage);
  },
};
