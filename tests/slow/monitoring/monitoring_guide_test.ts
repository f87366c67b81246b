/** The files of examples/monitoring: each is put to use as its guide says. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT } from "../../kit/log_files.ts";
import { binary } from "../../kit/perfmon.ts";
import { readProjectFile } from "../../kit/project.ts";
import { fetchText, serve } from "../../kit/servers.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

const GUIDE = `${import.meta.dirname}/../../../examples/monitoring`;
const UNITS = ["perfmon-textfile", "perfmon-otlp"]
  .flatMap((name) => [`${name}.service`, `${name}.timer`]);

/** The calls of `RECENT` as a client with all figures records them. */
const CALLS = RECENT.map((row) => ({
  ...row,
  memoryRss: 300_000,
  cpuSeconds: 1,
  childCpuSeconds: 0,
}));

/** A home as the guide wants it: perfmon, the limits, and some calls. */
function homeIn(folder: string): string {
  for (const name of [".local/bin", ".config", ".claude"]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  Deno.symlinkSync(Deno.realPathSync(binary), `${folder}/.local/bin/perfmon`);
  Deno.copyFileSync(`${GUIDE}/check.yaml`, `${folder}/.config/perfmon-check.yaml`);
  Deno.writeTextFileSync(`${folder}/.claude/performance.csv`, logText(CALLS));
  return folder;
}

interface Output {
  readonly code: number;
  readonly text: string;
}

/** Runs a command in the environment that cron gives. */
async function run(home: string, program: string, args: string[]): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { HOME: home, LOGNAME: "ada", PATH: "/usr/bin:/bin", XDG_RUNTIME_DIR: home },
    cwd: home,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The command of the line in `crontab` that has this in it. */
function cronCommand(part: string): string {
  const lines = Deno.readTextFileSync(`${GUIDE}/crontab`).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const line = lines.find((each) => each.includes(part)) ?? "";
  const [, command = ""] = /^(?:[\d*/,-]+ ){5}(.*)$/.exec(line) ?? [];
  // In a crontab an unescaped % ends the line.
  assert(command !== "" && !command.includes("%"), line);
  return command;
}

testWith(
  "systemd-analyze",
  "monitoring guide: systemd takes the units, and would start perfmon",
  async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    for (const unit of UNITS) {
      const args = ["verify", "--user", `${GUIDE}/systemd/${unit}`];
      assertEquals(await run(home, "systemd-analyze", args), { code: 0, text: "" }, unit);
    }
    Deno.removeSync(`${home}/.local/bin/perfmon`);
    const args = ["verify", "--user", `${GUIDE}/systemd/perfmon-otlp.service`];
    assertStringIncludes(
      (await run(home, "systemd-analyze", args)).text,
      "perfmon is not executable",
    );
  },
);

Deno.test("monitoring guide: what systemd starts is known to perfmon", async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  for (const unit of UNITS.filter((name) => name.endsWith(".service"))) {
    const text = Deno.readTextFileSync(`${GUIDE}/systemd/${unit}`);
    const [, command = ""] = /^ExecStart=%h\/.local\/bin\/(.*)$/m.exec(text) ?? [];
    const args = command.replaceAll("%u", "ada").replace("/var/lib/prometheus/node-exporter", home)
      .split(" ");
    const sends = args.includes("otlp") ? ["--dry-run"] : [];
    const { code, text: printed } = await run(home, `${home}/.local/bin/perfmon`, [
      ...args.slice(1),
      ...sends,
    ]);
    assertEquals(code, 0, printed);
  }
  assertMatch(
    Deno.readTextFileSync(`${home}/perfmon-ada.prom`),
    /^perfmon_clients\{user="ada"\} 0$/m,
  );
});

Deno.test("monitoring guide: the line of cron is silent while limits hold, and speaks up where one doesn't", async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  const command = cronCommand("check").replace("10m", "2h");
  assertEquals(await run(home, "sh", ["-c", command]), { code: 0, text: "" });
  Deno.writeTextFileSync(`${home}/.config/perfmon-check.yaml`, "max-duration: 3s\n");
  const { code, text } = await run(home, "sh", ["-c", command]);
  assertEquals(code, 1);
  assertStringIncludes(text, "Bash took 4.0s");
});

testWith(
  "prometheus-node-exporter",
  "monitoring guide: node_exporter hands out what the line of cron has written",
  async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    const command = cronCommand("node-exporter").replace("/var/lib/prometheus/node-exporter", home);
    assertEquals(await run(home, "sh", ["-c", command]), { code: 0, text: "" });
    await using exporter = await serve("prometheus-node-exporter", (port) => [
      `--web.listen-address=127.0.0.1:${port}`,
      "--collector.disable-defaults",
      "--collector.textfile",
      `--collector.textfile.directory=${home}`,
    ], "/metrics");
    const text = await fetchText(`${exporter.url}/metrics`) ?? "";
    assertMatch(text, /^perfmon_tool_calls_total\{status="ok",tool="Read",user="ada"\} 2$/m);
    assertMatch(text, /^node_textfile_scrape_error 0$/m);
  },
);

testWith(
  ["victoria-metrics", "curl"],
  "monitoring guide: VictoriaMetrics takes what the line of cron sends it",
  async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    await using database = await serve("victoria-metrics", (port) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${home}/data`,
    ], "/health");
    const command = cronCommand("curl").replace("http://localhost:8428", database.url);
    assertEquals(await run(home, "sh", ["-c", command]), { code: 0, text: "" });
    const match = `perfmon_tool_calls_total{tool="Read",status="ok",user="ada",job="perfmon"}`;
    const address = `${database.url}/api/v1/export?match[]=${encodeURIComponent(match)}`;
    let answer = "";
    await waitFor(
      async () => (answer = await fetchText(address) ?? "") !== "",
      "what was taken can be queried",
    );
    assertEquals(JSON.parse(answer).values, [2]);
  },
);

Deno.test("monitoring guide: a receiver of OTLP gets what the line of cron sends", async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  const paths: string[] = [];
  await using receiver = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      await request.text();
      paths.push(new URL(request.url).pathname);
      return Response.json({});
    },
  );
  const command = cronCommand("otlp").replace("localhost:4318", `127.0.0.1:${receiver.addr.port}`);
  assertEquals(await run(home, "sh", ["-c", command]), { code: 0, text: "" });
  assertEquals(paths, ["/v1/metrics"]);
});

testWith("promtool", "monitoring guide: Prometheus takes its configuration", async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  Deno.copyFileSync(`${GUIDE}/prometheus.yml`, `${home}/prometheus.yml`);
  const rules = ["export", "rules", "--output", "perfmon.rules.yml"];
  assertEquals(await run(home, `${home}/.local/bin/perfmon`, rules), { code: 0, text: "" });
  const { code, text } = await run(home, "promtool", ["check", "config", "prometheus.yml"]);
  assertEquals(code, 0, text);
});

Deno.test("monitoring guide: the guide names the files that are there", () => {
  const guide = readProjectFile("docs/monitoring.md");
  for (const { name } of Deno.readDirSync(GUIDE)) {
    if (name !== "check_schema.ts") assertStringIncludes(guide, name);
  }
});
