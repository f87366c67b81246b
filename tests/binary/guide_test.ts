/** The README and the pages of docs: what is to be pasted works, and what a command prints there it prints. */
import config from "../../deno.json" with { type: "json" };
import { DENO_VERSION } from "../../tools/runtime.ts";
import { runHookLine } from "../kit/hook_lines.ts";
import { run } from "../kit/homes.ts";
import { commandsOf, renewTranscript, transcriptsOf } from "./guide_commands.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { GUIDE, readProjectFile, ROOT } from "../kit/project.ts";
import { isUpdate } from "../kit/snapshot.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { writeProgram } from "../kit/processes.ts";

/** The page whose commands want root, cron and servers: `tests/slow/monitoring` has its test. */
const ELSEWHERE = "docs/monitoring.md";

/** What wants a terminal, or minutes, and has tests of its own: here its flags alone are held. */
const ONLY_PARSED = /^perfmon (top --live|tail -f|clear|bench)\b/;

/** Programs that lines call besides perfmon, as they are here. */
const PROGRAMS: Readonly<Record<string, string>> = {
  claude: 'echo "2.1.330 (Claude Code)"',
  npx: `[ "$1 $2 $3" = "-y deno@${DENO_VERSION} task" ] || exit 1
case $4 in ${Object.keys(config.tasks).join("|")}) ;; *) exit 1 ;; esac`,
  make: ":",
  "xdg-open": ":",
  open: ":",
};

/** The home of somebody who has the sources, built, and uses Claude Code. */
class Newcomer {
  readonly #folder = temporaryFolder();
  readonly home = `${this.#folder.path}/home`;
  readonly settings = `${this.home}/.claude/settings.json`;
  readonly sources = `${this.#folder.path}/perfmon`;

  constructor() {
    const transcripts = `${this.home}/.claude/projects/api`;
    for (const path of [transcripts, `${this.home}/bin`, `${this.sources}/dist`]) {
      Deno.mkdirSync(path, { recursive: true });
    }
    Deno.linkSync(Deno.realPathSync(binary), `${this.sources}/dist/perfmon`);
    Deno.symlinkSync(`${ROOT}/examples`, `${this.sources}/examples`);
    Deno.copyFileSync(`${ROOT}/tests/testdata/transcript.jsonl`, `${transcripts}/old.jsonl`);
    for (const [name, script] of Object.entries(PROGRAMS)) {
      writeProgram(`${this.home}/bin/${name}`, `#!/bin/sh\n${script}\n`);
    }
  }

  /** Pastes a block of lines into a shell, which ends at the first that fails. */
  async paste(lines: readonly string[]): Promise<string> {
    const script = lines.map((line) => line.replace(ONLY_PARSED, "$& --help")).join("\n");
    const all = `set -e; cd "${this.sources}"\n${script}`;
    const PATH = `${this.home}/.local/bin:${this.home}/bin:/usr/bin:/bin`;
    const result = await run(this.home, "sh", ["-c", all], { PATH, LANG: "C.UTF-8" });
    return expectExit(result, 0).stdout;
  }

  /** Runs the hooks that are installed for an event, as Claude Code does. */
  async event(hook_event_name: string, more: object): Promise<void> {
    const settings = JSON.parse(Deno.readTextFileSync(this.settings));
    const json = { session_id: "7d1f20c4", cwd: this.sources, hook_event_name, ...more };
    const env = { HOME: this.home, CLAUDE_PID: String(Deno.pid) };
    for (const { hooks } of settings.hooks[hook_event_name]) {
      for (const { command } of hooks) {
        await runHookLine(command, { stdin: JSON.stringify(json) + "\n", env });
      }
    }
  }

  /** A turn of a session, with one call that the person is asked for. */
  async turn(): Promise<void> {
    const prompt_id = "p1";
    const call = { tool_name: "Bash", tool_use_id: "t1", prompt_id };
    const tool_input = { command: "npm test" };
    await this.event("UserPromptSubmit", { prompt_id, prompt: "do it" });
    await this.event("PreToolUse", { ...call, tool_input });
    await this.event("PermissionRequest", { tool_name: "Bash", tool_input, prompt_id });
    await this.event("PostToolUse", { ...call, tool_input, tool_response: {}, duration_ms: 7 });
    await this.event("Stop", { prompt_id });
  }

  /** How many rows the log has. */
  get rows(): number {
    const log = Deno.readTextFileSync(`${this.home}/.claude/performance.csv`);
    return log.trimEnd().split("\n").length - 1;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Pastes the commands of a section, or of a page; a page without any is no success. */
async function pasteAll(person: Newcomer, page: string, section?: string): Promise<void> {
  const blocks = commandsOf(page, section);
  assert(blocks.length > 0, `${page}, ${section}: nothing to paste`);
  for (const lines of blocks) await person.paste(lines);
}

Deno.test("README: whoever pastes its commands has perfmon, hooks, answers, and is rid of them", async () => {
  using person = new Newcomer();
  const before = '{ "model": "opus" }';
  Deno.writeTextFileSync(person.settings, before);
  const [build = [], hooks = [], leave = []] = commandsOf("README.md", "Install");
  await person.paste(build);
  await person.paste(hooks);
  await person.turn();
  assertEquals(person.rows, 5);
  await pasteAll(person, "README.md", "What it answers");
  await pasteAll(person, "README.md", "Build it");
  await person.paste(leave);
  assertEquals([...Deno.readDirSync(`${person.home}/.local/bin`)], []);
  assertEquals(Deno.readTextFileSync(person.settings), before);
  assertEquals(person.rows, 5, "the log stays");
});

for (const page of GUIDE.filter((path) => path !== "README.md" && path !== ELSEWHERE)) {
  if (commandsOf(page).length === 0) continue;
  Deno.test(`${page}: its commands can be pasted as they stand`, async () => {
    using person = new Newcomer();
    for (const lines of commandsOf("README.md", "Install").slice(0, 2)) await person.paste(lines);
    await person.turn();
    await pasteAll(person, page);
  });
}

Deno.test("guide: prose behind a command is a comment", () => {
  const prose = [...GUIDE, ".github/CONTRIBUTING.md"].flatMap((page) => commandsOf(page).flat())
    .filter((line) => /\S {2,}[^# ]/.test(line));
  assertEquals(prose, []);
});

for (const page of GUIDE) {
  for (const transcript of transcriptsOf(page)) {
    const { command, output } = transcript;
    if (!command.includes("examples/performance.csv")) continue;
    Deno.test(`${page}: what "${command}" prints`, async () => {
      using person = new Newcomer();
      Deno.mkdirSync(`${person.home}/.local/bin`, { recursive: true });
      Deno.symlinkSync(Deno.realPathSync(binary), `${person.home}/.local/bin/perfmon`);
      const printed = (await person.paste([`${command} || [ $? = 1 ]`])).trimEnd().split("\n");
      const isCut = output.at(-1) === "…";
      const now = isCut ? [...printed.slice(0, output.length - 1), "…"] : printed;
      if (isUpdate) renewTranscript(page, transcript, now);
      else assertEquals(now, output, "deno task test:snapshots writes it anew");
    });
  }
}

Deno.test("README: under 200 lines", () => {
  assert(readProjectFile("README.md").split("\n").length < 200);
});

Deno.test("plugin: what /perfmon tells the agent to look at is in the report", async () => {
  const skill = readProjectFile("examples/plugin/skills/perfmon/SKILL.md");
  const log = `${ROOT}/examples/performance.csv`;
  const report = expectExit(await perfmon(["report", "--json", "--all", "--file", log]), 0);
  const names = [...skill.matchAll(/`([a-z_]+)`/g)].map(([, name = ""]) => name);
  assert(names.length > 3);
  const unknown = names.filter((name) => !new RegExp(`"${name}(_\\w+)?":`).test(report.stdout));
  assertEquals(unknown, []);
});
