/** Where hooks are installed in tests. */
import { binary, perfmon, type RunResult } from "../../kit/perfmon.ts";

/** A home with a project, and perfmon by a link on PATH. */
interface Place {
  readonly home: string;
  readonly project: string;
  readonly settings: string;
  hooks(...args: string[]): Promise<RunResult>;
}

export function place(folder: string): Place {
  const [home, project, bin] = [`${folder}/home`, `${folder}/project`, `${folder}/bin`];
  Deno.mkdirSync(`${home}/.claude`, { recursive: true });
  Deno.mkdirSync(`${project}/.git`, { recursive: true });
  Deno.mkdirSync(bin);
  Deno.symlinkSync(binary, `${bin}/perfmon`);
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
  return {
    home,
    project,
    settings: `${home}/.claude/settings.json`,
    hooks: (...args) => perfmon(["hooks", ...args], { env, cwd: project }),
  };
}
