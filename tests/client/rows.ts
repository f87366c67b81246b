/**
 * That no row of an ended call is missing in the real Claude Code, whose hooks nobody waits for:
 * `deno run -A tests/client/rows.ts CLAUDE [SESSIONS [ENDING…]]`. Sessions of 30 calls, by the binary and by the
 * spool, that end normally, by SIGTERM or SIGKILL to the client when the last result has just come, by Ctrl-C in a
 * terminal at the same moment, and normally where the client is pid 1 of a pid namespace, which takes all
 * with it. Exit status 0 where all rows are there.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { Terminal } from "../kit/terminal.ts";
import { installHooks, runSession, serveModel, type ToolCall } from "./stand_in.ts";

const CALLS = 30;
const SESSIONS = 20;
/** So long after a client's end its hooks may still be writing, milliseconds. */
const SETTLED_MS = 2000;

type Ending = (client: string, home: string, calls: readonly ToolCall[]) => Promise<void>;

const ENDINGS: Readonly<Record<string, Ending>> = {
  "normally": async (client, home, calls) => {
    await runSession(client, home, calls);
    await settle();
  },
  "by SIGTERM": (client, home, calls) => killWith("SIGTERM", client, home, calls),
  "by SIGKILL": (client, home, calls) => killWith("SIGKILL", client, home, calls),
  "by Ctrl-C": async (client, home, calls) => {
    await interrupt(client, home, calls);
    await settle();
  },
  "normally as pid 1": async (client, home, calls) => {
    const through = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
    await runSession(client, home, calls, { through });
  },
};

async function killWith(
  signal: Deno.Signal,
  client: string,
  home: string,
  calls: readonly ToolCall[],
): Promise<void> {
  await runSession(client, home, calls, {
    onResults: (count, child) => count === CALLS && child.kill(signal),
  }).catch(ignoreTorn);
  await settle();
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
}

/** The last line that a killed client prints may not be whole. */
function ignoreTorn(error: unknown): void {
  if (!(error instanceof SyntaxError)) throw error;
}

/** A session in a terminal, which Ctrl-C ends, twice as the client wants it. */
async function interrupt(client: string, home: string, calls: readonly ToolCall[]): Promise<void> {
  const last = Promise.withResolvers<void>();
  await using model = serveModel(calls, (count) => count === calls.length && last.resolve());
  const env = model.environment(home);
  const accepted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  Deno.writeTextFileSync(
    `${home}/.claude.json`,
    JSON.stringify({
      hasCompletedOnboarding: true,
      theme: "dark",
      customApiKeyResponses: { approved: [env["ANTHROPIC_API_KEY"]], rejected: [] },
      projects: { [`${home}/work`]: accepted },
    }),
  );
  Deno.mkdirSync(`${home}/work/.git`, { recursive: true });
  await using terminal = await Terminal.open({ width: 100, height: 30, env });
  await terminal.run(`cd ~/work; ${client} --allowedTools Read -- go; echo "left $?"`);
  await last.promise;
  // One that comes between the client's end and the next command takes that, too.
  const hasLeft = async (): Promise<boolean> =>
    (await terminal.lines()).some((line) => /left \d|^\$ \^C/.test(line));
  while (!await hasLeft()) await terminal.key("C-c");
}

/** The ids of calls of which there is no start or no end in the log. */
async function missing(home: string, calls: readonly ToolCall[]): Promise<string[]> {
  const log = `${home}/.claude/performance.csv`;
  expectExit(await perfmon(["rec", "drain", "--file", log]), 0);
  const rows = new Set(recordsOf(log).map((row) => `${row["tool_use_id"]} ${row["event"]}`));
  return calls.flatMap((_, index) =>
    ["start", "end"].map((event) => `toolu_${index} ${event}`).filter((each) => !rows.has(each))
  );
}

async function main(client: string, sessions: number, endings: string[]): Promise<number> {
  let isComplete = true;
  for (const way of ["binary", "spool"]) {
    for (const [name, end] of Object.entries(ENDINGS)) {
      if (endings.length > 0 && !endings.includes(name)) continue;
      const lost: string[] = [];
      for (let session = 0; session < sessions; session++) {
        using home = temporaryFolder();
        await installHooks(binary, home.path, "--via", way);
        Deno.writeTextFileSync(`${home.path}/file`, "text\n");
        const call = { name: "Read", input: { file_path: `${home.path}/file` } };
        const calls = Array.from({ length: CALLS }, (): ToolCall => call);
        await end(client, home.path, calls);
        lost.push(...await missing(home.path, calls));
      }
      const rows = 2 * CALLS * sessions;
      console.log(
        `${way}, ended ${name}: ${lost.length} of ${rows} rows missing ${lost.join(", ")}`,
      );
      isComplete &&= lost.length === 0;
    }
  }
  return isComplete ? 0 : 1;
}

if (import.meta.main) {
  const [client, sessions = SESSIONS, ...endings] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/rows.ts CLAUDE [SESSIONS [ENDING...]]");
    Deno.exit(64);
  }
  Deno.exit(await main(Deno.realPathSync(client), Number(sessions), endings));
}
