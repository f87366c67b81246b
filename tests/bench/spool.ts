/**
 * What recording into the spool costs: run it on a quiet machine with
 * `deno run -A tests/bench/spool.ts [RUNS]`. It needs python3.
 */
import { SEED_RECIPES } from "../../src/agents/claude/hooks/inspect/recipes.ts";
import { writeCommand } from "../../src/agents/claude/hooks/command_line.ts";
import { writeSpoolLine } from "../../src/agents/claude/hooks/lines/spool_line.ts";
import { bashEvent, spoolHome } from "../kit/homes.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { compileAlike } from "../../tools/build.ts";
import { compileEmpty } from "./measure.ts";
import { medians, type Run } from "./paired_runs.ts";

const RUNS = Number(Deno.args[0] ?? 200);
const RECORDS = 1000;

function print(title: string, names: readonly string[], figures: readonly number[]): void {
  console.log(`\n${title}`);
  for (const [index, name] of names.entries()) {
    const ratio = figures[index]! / figures[0]!;
    console.log(`  ${name.padEnd(26)} ${figures[index]!.toFixed(2)} ms  ${ratio.toFixed(2)}`);
  }
}

async function compareHooks(): Promise<void> {
  for (const [shell, ...flags] of [["/bin/sh"], ["/bin/bash"], ["/bin/busybox", "sh"]]) {
    using home = spoolHome();
    Deno.writeTextFileSync(home.log, "");
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: home.path,
      CLAUDE_PID: String(Deno.pid),
      CLAUDE_CODE_SESSION_ID: "084eaac8-8a67-4e97-9b13-49511b9e047f",
      AI_AGENT: "claude-code_2-1-330_x",
    };
    const stdin = JSON.stringify(bashEvent("end", "toolu_01S000T0000000000000echo")) + "\n";
    const lines = {
      "cat >/dev/null": "cat >/dev/null",
      "the spool's line": writeSpoolLine({ moment: "end", program: binary, options: "" }),
      "the binary's line": writeCommand({ moment: "end", program: binary, options: {} }),
      ...(shell === "/bin/bash" ? { "the seed's line": SEED_RECIPES.end } : {}),
    };
    const runs = Object.values(lines).map((line): Run => ({
      argv: [shell!, ...flags, "-c", line],
      env,
      stdin,
    }));
    const figures = await medians(runs, RUNS, 10);
    print(`A hook under ${[shell, ...flags].join(" ")}`, Object.keys(lines), figures);
    const [, spool = 0, , seed] = figures;
    if (seed !== undefined) console.log(`  of the seed's line: ${(spool / seed).toFixed(2)}`);
  }
}

async function compareDrains(): Promise<void> {
  using home = spoolHome();
  using folder = temporaryFolder();
  const empty = await compileEmpty(folder.path);
  const callsAlone = `${folder.path}/calls`;
  Deno.copyFileSync(`${import.meta.dirname}/spool_calls.js`, `${callsAlone}.js`);
  await compileAlike(`${callsAlone}.js`, callsAlone);
  Deno.copyFileSync(binary, `${folder.path}/perfmon`); // as fresh on disk as the other
  for (let record = 0; record < RECORDS; record++) {
    const moment = record % 2 === 0 ? "start" : "end";
    await home.hook(moment, bashEvent(moment, `toolu_${Math.floor(record / 2)}`));
  }
  const full = `${home.path}/full`;
  Deno.renameSync(home.spool, full);
  const fresh = `cd '${home.path}/.claude' && rm -rf performance.* && mkdir performance.d`;
  const prepare = (amount: string): string[] => ["sh", "-c", `${fresh} && ${amount}`];
  const env = { HOME: home.path, PATH: "/usr/bin:/bin" };
  const drain = [`${folder.path}/perfmon`, "rec", "drain"];
  const some = "mkdir performance.d/spool && ls ../full | head -n 50 | " +
    "while read -r name; do cp -p ../full/$name performance.d/spool; done";
  const all = "cp -rp ../full performance.d/spool";
  const commands: Record<string, Run> = {
    // Prepared like the others: a machine that has just worked is faster than one that was idle.
    "an empty program": { argv: [empty], env, stdin: "", before: prepare(all) },
    "drain nothing": { argv: drain, env, stdin: "", before: prepare("mkdir performance.d/spool") },
    "drain 50 records": { argv: drain, env, stdin: "", before: prepare(some) },
    "drain 1,000 records": { argv: drain, env, stdin: "", before: prepare(all) },
    "their file calls alone": {
      argv: [callsAlone, home.spool],
      env,
      stdin: "",
      before: prepare(all),
    },
  };
  const figures = await medians(Object.values(commands), Math.ceil(RUNS / 8), 3);
  print("A drain", Object.keys(commands), figures);
}

await compareHooks();
await compareDrains();
