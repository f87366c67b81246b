/** A real terminal for tests: tmux, with a shell in it. */
import { fail } from "../std/std_assert.ts";
import { quote } from "../../src/text/shell_words.ts";
import { binary } from "./perfmon.ts";
import { waitFor } from "./waits.ts";

export interface TerminalOptions {
  readonly width: number;
  readonly height: number;
  /** Besides PATH, HOME and TZ. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `await using terminal = await Terminal.open(…)`; its shell, bash, knows the binary as `perfmon`. */
export class Terminal {
  #runs = 0;

  private constructor(private readonly socket: string) {}

  static async open({ width, height, env = {} }: TerminalOptions): Promise<Terminal> {
    const terminal = new Terminal(`perfmon_test_${crypto.randomUUID()}`);
    const variables = {
      HOME: "/nowhere",
      HISTFILE: "/dev/null",
      TZ: "UTC",
      LANG: "C.UTF-8",
      PS1: "$ ",
      ...env,
    };
    const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const size = ["-x", String(width), "-y", String(height)];
    const path = `PATH=${Deno.env.get("PATH") ?? ""}`;
    const shell = ["env", "-i", "TERM=screen", path, ...settings, "bash", "--norc", "--noprofile"];
    await terminal.#tmux(["-f", "/dev/null", "new-session", "-d", ...size, ...shell]);
    await terminal.run(`perfmon() { ${quote(Deno.realPathSync(binary))} "$@"; }; clear`);
    return terminal;
  }

  /** Types a line and Enter. */
  async run(line: string): Promise<void> {
    await this.type(line);
    await this.key("Enter");
  }

  /** Types characters. */
  async type(text: string): Promise<void> {
    await this.#tmux(["send-keys", "-l", text]);
  }

  /** Runs a line on a clear screen to its end; returns what it shows, and its exit status. */
  async output(
    line: string,
    options: { readonly styled?: boolean } = {},
  ): Promise<{ lines: string[]; code: number }> {
    const mark = `end ${this.#runs++}:`;
    await this.run(`clear; ${line}; echo "${mark} $?"`);
    // The line as it was typed has the mark, too, but no status.
    const ended = new RegExp(`${mark} \\d+$`);
    const lines = await this.until((each) => ended.test(each.at(-2) ?? ""), line, options);
    return { lines: lines.slice(0, -2), code: Number(lines.at(-2)?.split(mark)[1]) };
  }

  /** Presses a key by tmux's name for it: `q`, `C-c`. */
  async key(name: string): Promise<void> {
    await this.#tmux(["send-keys", name]);
  }

  /** Blanks at the ends of lines, and empty lines at the end, are left out; `styled` keeps the escape sequences. */
  async lines(options: { readonly styled?: boolean } = {}): Promise<string[]> {
    const text = await this.#tmux(["capture-pane", "-p", ...options.styled ? ["-e"] : []]);
    return text.trimEnd().split("\n").map((line) => line.trimEnd());
  }

  /** Waits until the screen is as expected. */
  async until(
    isShown: (lines: readonly string[]) => boolean,
    what: string,
    options: { readonly styled?: boolean } = {},
  ): Promise<string[]> {
    let lines: string[] = [];
    await waitFor(
      async () => isShown(lines = await this.lines(options)),
      () => `${what}; the screen shows\n${lines.join("\n")}`,
    );
    return lines;
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#tmux(["resize-window", "-x", String(width), "-y", String(height)]);
  }

  /** Waits until a program has the alternate screen, shows the cursor, and wraps long lines, or not. */
  async untilModes(
    modes: { readonly alternate: boolean; readonly cursor: boolean; readonly wrap: boolean },
  ): Promise<void> {
    const format = "#{alternate_on} #{cursor_flag} #{wrap_flag}";
    const expected = [modes.alternate, modes.cursor, modes.wrap].map(Number).join(" ");
    let found = "";
    await waitFor(
      async () =>
        (found = (await this.#tmux(["display-message", "-p", format])).trim()) === expected,
      () => `${JSON.stringify(modes)}, but ${format} is ${found}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux(["kill-server"]);
  }

  async #tmux(args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-L", this.socket, ...args],
      stdin: "null",
    }).output();
    if (!success) fail(`tmux ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }
}
