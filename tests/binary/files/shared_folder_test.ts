/** Folders that others can write, and logs in folders of others: Eve wants what is Ada's. */
import { existsSync, walkSync } from "@std/fs";
import { logText, RECENT } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { ADA, EVE, fileOf, folderOf, linkOf, otherUsers, own, perfmonAs } from "../../kit/users.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

/** Ada's home, her log and a file that is dear to her, and a folder that all can write. */
class Machine implements Disposable {
  readonly #folder = temporaryFolder();
  readonly home: string;
  readonly log: string;
  readonly precious: string;
  readonly shared: string;

  constructor() {
    const root = this.#folder.path;
    Deno.chmodSync(root, 0o755);
    this.home = folderOf(ADA, `${root}/ada`);
    this.log = fileOf(ADA, `${this.home}/performance.csv`, logText(RECENT));
    this.precious = fileOf(ADA, `${this.home}/precious`, "mine");
    this.shared = folderOf(0, `${root}/shared`, 0o1777);
  }

  /** Throws where what is dear to Ada has changed. */
  check(): void {
    const { mode, uid } = Deno.lstatSync(this.precious);
    const found = [Deno.readTextFileSync(this.precious), (mode ?? 0) & 0o777, uid];
    assertEquals(found, ["mine", 0o600, ADA]);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

testWith(
  [otherUsers, "mkfifo"],
  "export -o into a shared folder writes a file of its own, whatever others put there",
  async () => {
    using machine = new Machine();
    const output = `${machine.shared}/perfmon-ada.prom`;
    const temporary = `${machine.shared}/.perfmon-ada.prom.perfmon-tmp`;
    const args = ["export", "prometheus", "--file", machine.log, "-o", output];
    const traps: (() => void)[] = [
      () => linkOf(EVE, temporary, machine.precious),
      () => fileOf(EVE, temporary, "", 0o666),
      () => {
        must("mkfifo", [temporary]);
        own(EVE, temporary);
      },
    ];
    for (const trap of traps) {
      trap();
      await perfmonAs(ADA, machine.home, args, { code: 0 });
      machine.check();
      const { isFile, uid, mode } = Deno.lstatSync(output);
      assertEquals([isFile, uid, (mode ?? 0) & 0o777], [true, ADA, 0o644]);
      Deno.removeSync(output);
      Deno.removeSync(temporary);
    }
    linkOf(EVE, output, machine.precious);
    const { stderr } = await perfmonAs(ADA, machine.home, args, { code: 74 });
    assertStringIncludes(stderr, `Cannot write "${output}": it is a symbolic link of another user`);
    machine.check();
  },
);

testWith(
  otherUsers,
  "a file of another user that an export takes the place of becomes the exporter's own",
  async () => {
    using machine = new Machine();
    const output = fileOf(EVE, `${machine.shared}/perfmon.prom`, "", 0o666);
    const args = ["export", "prometheus", "--file", machine.log, "-o", output];
    await perfmonAs(0, machine.home, args, { code: 0 });
    assertEquals(Deno.statSync(output).uid, 0);
  },
);

/** Files and folders beside a log, as which Eve could have some of Ada's overwritten. */
const PLANTED = [
  "lock",
  "rotation.tmp",
  "alerts.json",
  "state.json",
  "state.lock",
  ".state.json.perfmon-tmp",
  "errors.log",
  "hooks.json",
  "cost.json",
  "imported.csv",
];
const PLANTED_FOLDERS = ["spool", "history", "profiles"];

const START = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t"}\n';
const END = START.replace("Pre", "Post");

/** All paths below a folder, with what a change of them would change. */
function stateOf(folder: string): string[] {
  return Array.from(walkSync(folder), ({ path }) => {
    const { mode, uid, size, mtime, isSymlink } = Deno.lstatSync(path);
    return [path, mode, uid, size, mtime?.getTime(), isSymlink && Deno.readLinkSync(path)].join(
      " ",
    );
  }).sort();
}

/** Folders that are not Ada's and that others can write in: their owners, and their rights. */
const EXPOSED: readonly (readonly [owner: number, mode: number])[] = [
  [EVE, 0o777],
  [EVE, 0o1777], // whoever owns a folder may rename what others have in it
  [0, 0o777],
  [0, 0o2775],
];

for (const [owner, mode] of EXPOSED) {
  const name = `nothing is written beside a log in a folder of ${owner} with ${mode.toString(8)}`;
  testWith(otherUsers, name, async () => {
    using machine = new Machine();
    const team = folderOf(owner, `${machine.shared}/team`, mode);
    const log = fileOf(EVE, `${team}/team.csv`, "", 0o666);
    if (owner === 0) must("chgrp", [String(ADA), team]);
    const folder = folderOf(EVE, `${team}/team.d`, 0o777);
    const mine = folderOf(ADA, `${machine.home}/folder`, 0o755);
    for (const each of PLANTED) linkOf(EVE, `${folder}/${each}`, machine.precious);
    for (const each of PLANTED_FOLDERS) linkOf(EVE, `${folder}/${each}`, mine);
    const before = [...stateOf(team), ...stateOf(mine)];
    const said = `"${team}" is not yours, and others can write in it`;
    for (const user of [ADA, 0]) {
      const run = (args: string[], code?: number, stdin?: string) =>
        perfmonAs(user, machine.home, [...args, "--file", log], {
          ...(code === undefined ? {} : { code }),
          ...(stdin === undefined ? {} : { stdin }),
        });
      if (user === 0 && owner === 0) continue; // root's own
      const rotate = ["--max-lines", "2", "--keep", "1", "--alert-duration", "1ns"];
      for (const args of [["start"], ["end", ...rotate], ["drain"]]) {
        const stdin = args[0] === "end" ? END : START;
        const { stderr } = await run(["rec", ...args], 0, stdin);
        assertStringIncludes(stderr, said);
        assertEquals(stderr.trimEnd().split("\n").length, 1);
      }
      for (const args of ["export prometheus", "report", "tail", "clear --yes", "profile save p"]) {
        await run(args.split(" "));
      }
      const doctor = await run(["doctor"], 1);
      const status = await run(["status"], 0);
      for (const { stdout } of [doctor, status]) {
        assertStringIncludes(stdout.replace(/\s+/g, " "), `${said}: `);
        assertStringIncludes(stdout.replace(/\s+/g, " "), `chmod go-w "${team}"`);
      }
      machine.check();
      assertEquals([...stateOf(team), ...stateOf(mine)], before);
    }
  });
}

testWith(otherUsers, "a log is kept in usual folders, whoever else can read them", async () => {
  using machine = new Machine();
  const root = machine.shared;
  const folders: [folder: string, user: number][] = [
    [folderOf(ADA, `${root}/own_and_open`, 0o777), ADA], // where a file system shows no rights, too
    [root, ADA], // sticky, as /tmp is
    [folderOf(ADA, `${root}/umask_002`, 0o2775), 0], // a group of her own; root works there
    [folderOf(0, `${root}/of_root`, 0o755), 0],
  ];
  for (const [folder, user] of folders) {
    const args = ["rec", "end", "--file", `${folder}/log.csv`];
    const { stderr } = await perfmonAs(user, machine.home, args, { code: 0, stdin: END });
    assertEquals(stderr, "", folder);
    assertStringIncludes(Deno.readTextFileSync(`${folder}/log.csv`), "Bash");
  }
});

testWith(
  otherUsers,
  "what another user has made beside a log in a sticky folder takes no row",
  async () => {
    using machine = new Machine();
    folderOf(EVE, `${machine.shared}/log.d`, 0o777);
    const log = `${machine.shared}/log.csv`;
    const args = ["rec", "end", "--file", log];
    const { stderr } = await perfmonAs(ADA, machine.home, args, { code: 0, stdin: END });
    assertStringIncludes(stderr, `"${machine.shared}/log.d" is not yours`);
    assertEquals([existsSync(log), [...Deno.readDirSync(`${machine.shared}/log.d`)]], [false, []]);
  },
);

testWith(
  otherUsers,
  "a log that is a link of another user to a file of ours takes no row",
  async () => {
    using machine = new Machine();
    const link = linkOf(EVE, `${machine.shared}/team.csv`, machine.precious);
    const args = ["rec", "end", "--tool", "x", "--file", link];
    const { stderr } = await perfmonAs(ADA, machine.home, args, { code: 0 });
    assertStringIncludes(
      stderr,
      `Cannot use "${link}" as the log: it is a symbolic link of another`,
    );
    machine.check();
    assert(!existsSync(`${machine.home}/precious.perfmon.d`));
  },
);
