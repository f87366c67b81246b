/**
 * A person's first ten minutes with perfmon, in a terminal and a fresh home: they look at it, install the hooks, work
 * in the real Claude Code, look at the report, a call and the dashboard, switch the hooks off and take them out.
 * `deno run -A tests/client/first_ten_minutes.ts CLAUDE`, the path of a client; prints what the terminal showed, and
 * fails where a step does not lead to what its person looks for.
 */
import { assert } from "../std/std_assert.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { Terminal } from "../kit/terminal.ts";
import { serveModel, type Steps } from "./stand_in.ts";

const STEPS: Steps = [
  { name: "Bash", input: { command: "echo built && sleep 1.2" } },
  { name: "Bash", input: { command: "git status" } },
  { name: "Read", input: { file_path: "/etc/hostname" } },
  { name: "Bash", input: { command: "sleep 0.4; exit 3" } },
  { name: "Bash", input: { command: "sleep 0.3; exit 3" } },
];

/** What the client asks at its very first start, answered: theme, trust in the folder, the key of the stand-in. */
function pastOnboarding(home: string, folder: string): void {
  const state = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: ["none"], rejected: [] },
    projects: { [folder]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  Deno.writeTextFileSync(`${home}/.claude.json`, JSON.stringify(state));
}

if (import.meta.main) {
  const [client] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/first_ten_minutes.ts CLAUDE");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  const folder = `${home.path}/shop`;
  Deno.mkdirSync(`${home.path}/bin`);
  Deno.mkdirSync(folder);
  Deno.symlinkSync(Deno.realPathSync(binary), `${home.path}/bin/perfmon`);
  pastOnboarding(home.path, folder);
  await using model = serveModel(STEPS);
  const path = [`${home.path}/bin`, client.slice(0, client.lastIndexOf("/")), Deno.env.get("PATH")];
  const env = { ...model.environment(home.path), PATH: path.join(":"), TERM: "screen-256color" };
  await using terminal = await Terminal.open({ width: 80, height: 24, env });
  await terminal.run(`cd ${folder}; unset -f perfmon; hash -r; clear`);

  const show = (title: string, lines: readonly string[]): void =>
    console.log(`\n=== ${title}\n${lines.map((line) => `    ${line}`).join("\n")}`);
  /** Runs a command, shows its screen, and looks for what its person wants to see. */
  const step = async (line: string, expected: RegExp, exit = 0): Promise<string> => {
    const { lines, code } = await terminal.output(line);
    show(`$ ${line}   (exit ${code})`, lines);
    const text = lines.join("\n");
    const sentences = text.replaceAll(/\s+/g, " "); // however the terminal broke them
    assert(expected.test(text) || expected.test(sentences), `"${line}" does not show ${expected}`);
    assert(code === exit, `"${line}" exits ${code}`);
    return text;
  };

  await step("perfmon", /Run "perfmon hooks install"/, 66);
  await step("perfmon install", /Next: go on with Claude Code/);
  await step("perfmon", /The hooks are on \(user settings\)/, 66);

  await terminal.run("clear; claude --permission-mode default --allowedTools Bash,Read");
  await terminal.until((lines) => lines.some((line) => /^[>❯]/.test(line)), "the client's prompt");
  await terminal.type("check the shop");
  await terminal.key("Enter");
  await terminal.until((lines) => lines.some((line) => /\bdone\b/.test(line)), "the answer");
  show("claude, a session of five calls", await terminal.lines());
  await terminal.type("/exit");
  await terminal.key("Enter");
  await terminal.until((lines) => /^\$ ?$/.test(lines.at(-1) ?? ""), "the shell's prompt");

  const report = await step("perfmon report", /^Failing +/m);
  const failing = /perfmon top --command .* --status error/.exec(report)?.[0];
  assert(failing !== undefined, "the report's finding leads to no command");
  const failed = await step(failing, /error 3/);
  const id = /^(\w{5}) .* error 3/m.exec(failed)?.[1];
  await step(`perfmon show ${id}`, /exit 3/);
  await step("perfmon report last", /^Session /m);
  await step("perfmon dashboard && ls -l perfmon.html", /perfmon\.html/);
  await step("perfmon status", /on: user settings/);
  await step("perfmon hooks disable", /./);
  await step("perfmon status | head -1", /off: user settings/);
  await step("perfmon uninstall", /Removed/);
  await step("perfmon doctor | head -4", /hooks install/);
}
