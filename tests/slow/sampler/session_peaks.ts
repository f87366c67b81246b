/** A second opinion on the memory of a client's sessions: `session_peaks.c` looks each millisecond. */

/** What the processes of a session came to; KiB. */
export interface SessionPeak {
  readonly rss: number;
  readonly pss: number;
  readonly processes: number;
}

/** Sessions that children of a client begin, while they are looked at. */
export class SessionPeaks {
  readonly #child: Deno.ChildProcess;

  /** Compiles the program into a folder and starts it. */
  constructor(client: number, folder: string) {
    const program = `${folder}/session_peaks`;
    const args = ["-O2", "-o", program, `${import.meta.dirname}/session_peaks.c`];
    const { success, stderr } = new Deno.Command("cc", { args }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    this.#child = new Deno.Command(program, {
      args: [String(client)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  }

  /** Ends it; what it saw, by the id of the session. */
  async end(): Promise<Map<number, SessionPeak>> {
    await this.#child.stdin.close();
    const { stdout } = await this.#child.output();
    return new Map(
      new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
        const [leader = 0, rss = 0, pss = 0, processes = 0] = line.split(" ").map(Number);
        return [leader, { rss, pss, processes }];
      }),
    );
  }
}
