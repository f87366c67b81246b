/** Folders that others can write, and logs in folders of others: Eve wants what is Ada's. */
import { existsSync } from "@std/fs";
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

/** Files beside a log, as which Eve could have one of Ada's overwritten. */
const FILES = [
  "rotation.tmp",
  "alerts.json",
  "state.json",
  "state.lock",
  ".state.json.perfmon-tmp",
  "errors.log",
];

for (const planted of [["lock"], FILES, ["spool", "history"]]) {
  const name = `links of another user beside a log lead to nothing of ours: ${planted.join(", ")}`;
  testWith(otherUsers, name, async () => {
    using machine = new Machine();
    const team = folderOf(EVE, `${machine.shared}/team`, 0o777);
    const log = fileOf(EVE, `${team}/team.csv`, "", 0o666);
    const folder = folderOf(EVE, `${team}/team.d`, 0o777);
    const mine = folderOf(ADA, `${machine.home}/folder`, 0o755);
    for (const each of planted) {
      const isFolder = each === "spool" || each === "history";
      linkOf(EVE, `${folder}/${each}`, isFolder ? mine : machine.precious);
    }
    const start = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t"}\n';
    const end = ["rec", "end", "--max-lines", "2", "--keep", "1", "--alert-duration", "1ns"];
    for (let call = 0; call < 2; call++) {
      await perfmonAs(ADA, machine.home, ["rec", "start", "--file", log], { stdin: start });
      const stdin = start.replace("Pre", "Post");
      await perfmonAs(ADA, machine.home, [...end, "--file", log], { stdin });
      machine.check();
    }
    const { stdout } = await perfmonAs(ADA, machine.home, ["export", "csv", "--file", log]);
    assertEquals(stdout.trimEnd().split("\n").length, 5, "all rows are there");
    for (const command of ["export prometheus", "rec drain", "report", "clear --yes"]) {
      await perfmonAs(ADA, machine.home, [...command.split(" "), "--file", log]);
      machine.check();
    }
    assertEquals([...Deno.readDirSync(mine)], [], "nothing is put into a folder of ours");
    assertEquals((Deno.statSync(mine).mode ?? 0) & 0o777, 0o755);
  });
}

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
