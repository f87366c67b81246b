/**
 * Every command that writes, run in Ada's folder full of what Eve has put there under all names that perfmon
 * uses: links, FIFOs, files and folders of her own. Nothing outside of it may change, and nothing may hang.
 */
import { walkSync } from "@std/fs";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { logText, RECENT } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { perfmon, type RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { ADA, EVE, otherUsers, own, ownAll } from "../../kit/users.ts";

/** What perfmon writes beside a log. */
const BESIDE_LOG = [
  "lock",
  "imported.csv",
  "state.json",
  "state.json.damaged",
  "state.lock",
  "alerts.json",
  "cost.json",
  "hooks.json",
  "errors.log",
  "errors.old.log",
  "rotation.tmp",
  "spool",
  "spool.closed",
  "history",
  "profiles",
].map((name) => `.claude/performance.d/${name}`);

/** What a person names, or edits as well: her own links at these names are followed. */
const NAMED = [
  ".claude/settings.json",
  ".claude/settings.local.json",
  ".claude/hooks.yaml",
  "page.html",
  "samples.csv",
  "perfmon.prom",
  "grafana.json",
];
const OWN = ["perfmon.html", ...BESIDE_LOG];

/** Names that are made of others, or were by older versions. */
const derivedOf = (name: string): string[] => {
  const [folder, base] = [name.slice(0, name.lastIndexOf("/") + 1), name.split("/").at(-1)!];
  return [
    ...["before-perfmon", "perfmon-tmp", "tmp", "new", "old", "gz", "lock"].map((end) =>
      `${name}.${end}`
    ),
    ...["perfmon-tmp", "tmp", "swp"].map((end) => `${folder}.${base}.${end}`),
    `${name}~`,
    `${folder}#${base}#`,
  ];
};
const DERIVED = [...NAMED, ...OWN].flatMap(derivedOf);

/** The commands, with what comes on stdin; `{log}` is the log. */
const HOOK = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t"}\n';
const COMMANDS: readonly string[] = [
  "rec start",
  "rec end --max-lines 4 --keep 2 --alert-duration 1ns",
  "rec end --history 0 --max-lines 2 --keep 1",
  "rec drain",
  "report --all",
  "tail --all",
  "top --all",
  "running",
  "status",
  "doctor",
  "bench --rounds 1",
  "check --all --max-duration 1h",
  "dashboard --all",
  "dashboard --all -o page.html",
  "export csv -o samples.csv",
  "export json --calls -o samples.csv",
  "export prometheus -o perfmon.prom",
  "export grafana -o grafana.json",
  "profile save p --all --replace",
  "profile show",
  "import --from transcripts",
  "import --remove",
  "hooks install --scope project",
  "hooks install --scope local --via spool",
  "hooks disable --scope project",
  "hooks enable --scope project",
  "hooks remove --scope local",
  "hooks remove --everywhere",
  "clear --before 1d --yes",
  "clear --yes",
];

/** Something that Eve puts under a name; `outside` is a file of Ada's that it could lead to. */
type Plant = (path: string, outside: string) => void;

/** A folder of Ada's, and beside it what must not change. */
class Ground implements Disposable {
  readonly #folder = temporaryFolder();
  readonly folder = `${this.#folder.path}/project`;
  readonly outside = `${this.#folder.path}/outside`;
  readonly home = `${this.#folder.path}/home`;
  readonly log = `${this.folder}/.claude/performance.csv`;
  readonly #before: readonly string[];

  constructor(readonly names: readonly string[], readonly plant: Plant) {
    Deno.chmodSync(this.#folder.path, 0o755);
    for (const each of [this.folder, this.outside, this.home]) Deno.mkdirSync(each);
    for (const each of [".git", "transcripts/p", ".claude/performance.d"]) {
      Deno.mkdirSync(`${this.folder}/${each}`, { recursive: true });
    }
    const transcript = `${import.meta.dirname}/../../testdata/transcript.jsonl`;
    Deno.copyFileSync(transcript, `${this.folder}/transcripts/p/s.jsonl`);
    names.forEach((_, index) => {
      const path = `${this.outside}/file${index}`;
      // Beyond every second link lies nothing yet, and nothing may come there.
      if (index % 2 === 0) Deno.writeTextFileSync(path, `{"mine":${index}}`, { mode: 0o640 });
    });
    ownAll(ADA, this.#folder.path);
    this.#before = this.#look();
  }

  /** Puts everything there that is not, the log anew. */
  prepare(): void {
    Deno.writeTextFileSync(this.log, logText(RECENT));
    own(ADA, this.log);
    const missing = this.names.map((name, index) => [`${this.folder}/${name}`, index] as const)
      .filter(([path]) => !isThere(path));
    for (const [path, index] of missing) this.plant(path, `${this.outside}/file${index}`);
  }

  async run(command: string): Promise<RunResult> {
    const ids = [`--reuid=${ADA}`, `--regid=${ADA}`, "--clear-groups"];
    return await perfmon(command.split(" "), {
      through: ["setpriv", ...ids],
      env: { HOME: this.home, PERFMON_FILE: this.log, TMPDIR: this.home },
      cwd: this.folder,
      stdin: HOOK,
    });
  }

  /** Fails where anything beside the folder has changed. */
  check(command: string): void {
    assertEquals(this.#look(), this.#before, command);
  }

  #look(): string[] {
    const all = [this.outside, this.home].flatMap((each) => [...walkSync(each)]);
    return all.map(({ path, isFile }) => {
      const { mode, uid, mtime, nlink } = Deno.lstatSync(path);
      const text = isFile ? Deno.readTextFileSync(path) : "";
      // Folders change their time where temporary files come and go.
      return [path, mode, uid, isFile ? [nlink, mtime?.getTime()] : "", text].join(" ");
    }).sort();
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** What is planted: under which names, and how. */
const ROUNDS: Readonly<Record<string, { names: readonly string[]; plant: Plant }>> = {
  "links of another user": {
    names: [...NAMED, ...OWN, ...DERIVED],
    plant: (path, outside) => {
      Deno.symlinkSync(outside, path);
      own(EVE, path);
    },
  },
  "links that came with a clone": {
    names: [...OWN, ...DERIVED],
    plant: (path, outside) => {
      Deno.symlinkSync(outside, path);
      own(ADA, path);
    },
  },
  "FIFOs": {
    names: [...NAMED, ...OWN, ...DERIVED],
    plant: (path) => {
      must("mkfifo", ["-m", "666", path]);
      own(EVE, path);
    },
  },
  "files of another user": {
    names: [...NAMED, ...OWN, ...DERIVED],
    plant: (path) => {
      Deno.writeTextFileSync(path, "hers", { mode: 0o666 });
      own(EVE, path);
    },
  },
  "folders of another user": {
    names: [...NAMED, ...OWN, ...DERIVED],
    plant: (path) => {
      Deno.mkdirSync(path);
      own(EVE, path);
    },
  },
  "links to devices": {
    names: [...OWN, ...DERIVED],
    plant: (path) => {
      Deno.symlinkSync("/dev/zero", path);
      own(ADA, path);
    },
  },
};

for (const [what, { names, plant }] of Object.entries(ROUNDS)) {
  testWith(
    [otherUsers, "mkfifo"],
    `commands in a folder full of ${what} change nothing else`,
    async () => {
      using ground = new Ground(names, plant);
      for (const command of COMMANDS) {
        ground.prepare();
        const { code, stdout, stderr } = await ground.run(command);
        assert([0, 1, 64, 65, 66, 74].includes(code), `${command}: ${code} ${stderr}`);
        assert(!/Internal error/.test(stderr), `${command}: ${stderr}`);
        if (command.startsWith("rec")) assertEquals([code, stdout], [0, ""], command);
        ground.check(command);
      }
    },
  );
}

Deno.test("three hundred names are watched", () => {
  const count = new Set([...NAMED, ...OWN, ...DERIVED]).size;
  assert(count >= 280, `${count} names`);
});
