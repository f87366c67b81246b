/**
 * The plugin in the real Claude Code, offline: `deno run -A tests/client/plugin.ts CLAUDE`, the path of a client.
 * The client's own validation, then the marketplace added from this folder, the plugin installed, a call
 * recorded, `/perfmon` without and with a perfmon on PATH, and all of it removed. Exit status 0 where each step
 * came to what it should.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary } from "../kit/perfmon.ts";
import { ROOT } from "../kit/project.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { waitFor } from "../kit/waits.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../std/std_assert.ts";
import { runSession, type ToolCall } from "./stand_in.ts";

const CALL: ToolCall = { name: "Bash", input: { command: "echo hi" } };

/** A person with this client, and nothing of perfmon yet. */
class Person {
  readonly #folder = temporaryFolder();
  readonly home = this.#folder.path;

  constructor(private readonly client: string) {}

  get #env(): Record<string, string> {
    return { HOME: this.home, PATH: `${this.home}/.local/bin:${Deno.env.get("PATH")}` };
  }

  /** Runs `claude plugin ARGS`, which must end well; returns what it prints. */
  async plugin(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command(this.client, {
      args: ["plugin", ...args],
      clearEnv: true,
      env: { ...this.#env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
      cwd: this.home,
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, `claude plugin ${args.join(" ")}:\n${text}`);
    return text;
  }

  installPerfmon(): void {
    Deno.mkdirSync(`${this.home}/.local/bin`, { recursive: true });
    Deno.symlinkSync(Deno.realPathSync(binary), `${this.home}/.local/bin/perfmon`);
  }

  /** A session with a call; returns what the client says of it. */
  async work(): Promise<string> {
    const { code, events } = await runSession(this.client, this.home, [CALL], { env: this.#env });
    assertEquals(code, 0);
    return JSON.stringify(events);
  }

  /** What the model is told where the person types `/perfmon`. */
  async ask(): Promise<string> {
    const options = { env: this.#env, prompt: "/perfmon" };
    const { code, requests: [request = "{}"] } = await runSession(
      this.client,
      this.home,
      [],
      options,
    );
    assertEquals(code, 0);
    const { messages }: { messages: { content: string | { text?: string }[] }[] } = JSON.parse(
      request,
    );
    return messages.flatMap(({ content }) =>
      typeof content === "string" ? content : content.map(({ text }) => text)
    ).join("\n");
  }

  /** The events of the log. */
  rows(): string[] {
    return recordsOf(`${this.home}/.claude/performance.csv`).map((row) => row["event"] ?? "");
  }

  settings(): unknown {
    return JSON.parse(Deno.readTextFileSync(`${this.home}/.claude/settings.json`));
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Tries the plugin out in a client; throws where a step comes to something else. */
export async function tryPlugin(client: string): Promise<void> {
  using person = new Person(client);
  for (const path of [ROOT, `${ROOT}/examples/plugin`]) {
    assertMatch(await person.plugin("validate", "--strict", path), /Validation passed/);
  }
  await person.plugin("marketplace", "add", ROOT);
  await person.plugin("install", "perfmon@perfmon");

  // Without the binary hooks are silent, and the command says how to get it.
  assert(!/hook error|not found/i.test(await person.work()));
  assertEquals([...Deno.readDirSync(`${person.home}/.claude`)].filter(isPerfmons), []);
  assertMatch(await person.ask(), /not found.*ended with status 127.*its README says how/s);

  person.installPerfmon();
  await person.work();
  await waitFor(() => person.rows().filter((event) => event === "end").length === 1, "the end");
  assertEquals(person.rows().filter((event) => event === "start").length, 1);
  const told = await person.ask();
  assertStringIncludes(told, '"calls": 1,');
  assertStringIncludes(told, '"name": "echo"');
  assert(!told.includes("echo hi"), "no argument is told");

  await person.plugin("uninstall", "perfmon@perfmon");
  await person.plugin("marketplace", "remove", "perfmon");
  assertEquals(person.settings(), { enabledPlugins: {}, extraKnownMarketplaces: {} });
  const before = person.rows();
  await person.work();
  assertEquals(person.rows(), before);
}

function isPerfmons({ name }: Deno.DirEntry): boolean {
  return name.startsWith("performance");
}

if (import.meta.main) {
  const [client] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/plugin.ts CLAUDE");
    Deno.exit(64);
  }
  await tryPlugin(client);
  console.log("validated, installed, recorded, asked, removed");
}
