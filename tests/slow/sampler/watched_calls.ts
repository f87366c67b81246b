/** Calls of Bash as a client makes them, with the test as the client, recorded by hooks that have them watched. */
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { waitFor } from "../../kit/waits.ts";

/** A log, and calls that are recorded in it. */
export class WatchedCalls {
  readonly log: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.log = `${folder}/performance.csv`;
  }

  /** Runs a command as a call of Bash; returns what it printed. */
  async run(id: string, command: string): Promise<string> {
    await this.rec("start", id, command);
    const { stdout } = await this.shell(command).spawn().output(); // `output` alone takes no session
    await this.rec("end", id, command);
    return new TextDecoder().decode(stdout);
  }

  /** The shell that Claude Code starts for a command: a session of its own. */
  shell(command: string): Deno.Command {
    const quoted = `'${command.replaceAll("'", `'"'"'`)}'`;
    const script = `source /dev/null && eval ${quoted} \\< /dev/null && pwd -P >| /dev/null`;
    return new Deno.Command("/bin/bash", {
      args: ["-c", script],
      cwd: this.#folder,
      detached: true,
      stdin: "null",
      stdout: "piped",
    });
  }

  /** Feeds a hook of one moment, maybe through a program. */
  async rec(
    moment: "start" | "end",
    id: string,
    command: string,
    more = {},
    through: string[] = [],
  ): Promise<void> {
    const hook = {
      session_id: "s",
      hook_event_name: moment === "start" ? "PreToolUse" : "PostToolUse",
      tool_name: "Bash",
      tool_input: { command },
      tool_use_id: id,
      ...more,
    };
    expectExit(
      await perfmon(["rec", moment, "--command", "--watch", "--file", this.log], {
        stdin: JSON.stringify(hook) + "\n",
        env: { CLAUDE_PID: String(Deno.pid) },
        through,
      }),
      0,
    );
  }

  /**
   * The newest row `peak` of a call, once there are so many of it. On a machine that kept the sampler from looking
   * there is none: `inQuietMoment`.
   */
  async peak(id: string, count = 1): Promise<Record<string, string>> {
    const rows = () => this.peaks(id);
    await waitFor(() => rows().length >= count, `${count} rows peak of ${id}`, 20_000);
    return rows().at(-1)!;
  }

  /** The rows `peak` of a call so far. */
  peaks(id: string): Record<string, string>[] {
    return recordsOf(this.log).filter(({ event, tool_use_id }) =>
      event === "peak" && tool_use_id === id
    );
  }

  /** The pids of the samplers of the log. */
  samplers(): number[] {
    const found: number[] = [];
    for (const { name } of Deno.readDirSync("/proc")) {
      if (!(Number(name) > 0)) continue;
      try {
        const [, rec, sample, , file] = Deno.readTextFileSync(`/proc/${name}/cmdline`).split("\0");
        if (rec === "rec" && sample === "sample" && file === this.log) found.push(Number(name));
      } catch {
        // Ended meanwhile.
      }
    }
    return found;
  }

  /**
   * Starts a sampler by hand, maybe through a program such as strace, and waits until it watches, so that no call
   * begins before.
   */
  async watch(...through: string[]): Promise<Deno.ChildProcess> {
    Deno.mkdirSync(this.log.replace(".csv", ".d"), { recursive: true, mode: 0o700 });
    const [program = binary, ...args] = [...through, binary];
    const child = new Deno.Command(program, {
      args: [...args, "rec", "sample", "--file", this.log, "--command"],
      clearEnv: true,
      env: { HOME: "/" },
    }).spawn();
    await waitFor(() => this.holder() !== "", "the sampler to begin");
    return child;
  }

  /** The locks of samplers beside the log. */
  lockFiles(): string[] {
    return [...Deno.readDirSync(this.log.replace(".csv", ".d"))].map(({ name }) => name)
      .filter((name) => name.startsWith("sampler-"));
  }

  /** What the sampler that watches has written into its lock. */
  holder(): string {
    return this.lockFiles().map((name) => {
      return Deno.readTextFileSync(`${this.log.replace(".csv", ".d")}/${name}`);
    }).join("");
  }

  /** Waits until no sampler of the log is there any more, and fails where one stays that was told to end. */
  async end(): Promise<void> {
    for (const pid of this.samplers()) {
      try {
        Deno.kill(pid, "SIGTERM");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error; // ended meanwhile
      }
    }
    await waitFor(() => this.samplers().length === 0, "the samplers to end");
  }
}
