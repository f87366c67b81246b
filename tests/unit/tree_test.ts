/** The rules for where files stand, as `.github/ARCHITECTURE.md` and `.github/CONTRIBUTING.md` have them. */
import { TIERS } from "../../tools/tiers.ts";
import { filesBelow, readProjectFile } from "../kit/project.ts";
import { assertEquals } from "../std/std_assert.ts";

/** Beyond this many files a folder is not read any more, it is searched. */
const MOST_FILES = 20;

/** Beyond this many lines a file is split. */
const MOST_LINES = 300;

/** What runs the compiled binary. */
const BINARY_RUNNER = "tests/kit/perfmon.ts";

/** What only holds files that others name: nobody looks for code there. */
const ASIDE = /\/(testdata|__snapshots__)(\/|$)/;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function findCrowdedFolders(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const folder of files.map(folderOf)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return [...counts].filter(([folder, count]) => count > MOST_FILES && !ASIDE.test(folder))
    .map(([folder, count]) => `${folder} has ${count} files, more than ${MOST_FILES}`);
}

/** The code with too many lines. A shell script is left out: what is downloaded and run is one file. */
function findLongFiles(files: readonly string[], read: (path: string) => string): string[] {
  return files.filter((path) => /\.(ts|js|css|py)$/.test(path) && !ASIDE.test(path))
    .map((path) => ({ path, count: read(path).split("\n").length - 1 }))
    .filter(({ count }) => count > MOST_LINES)
    .map(({ path, count }) => `${path} has ${count} lines, more than ${MOST_LINES}`);
}

function findTestsOutsideTiers(files: readonly string[]): string[] {
  return files.filter((path) => path.endsWith("_test.ts"))
    .filter((path) => !TIERS.some(({ folder }) => path.startsWith(`${folder}/`)))
    .map((path) => `${path} is in no tier, so it never runs`);
}

function findSnapshotsOfNobody(files: readonly string[]): string[] {
  return files.filter((path) =>
    path.endsWith(".snap") &&
    !files.includes(path.replace("/__snapshots__/", "/").replace(/\.snap$/, ""))
  ).map((path) => `${path} is a snapshot of no test`);
}

/** The tests of the unit tier from which the binary's runner can be reached. */
function findUnitTestsOfBinary(files: readonly string[], read: (path: string) => string): string[] {
  return files.filter((path) => path.startsWith("tests/unit/") && path.endsWith("_test.ts"))
    .filter((path) => reach(path, read).has(BINARY_RUNNER))
    .map((path) => `${path} runs the binary, so it belongs in tests/binary`);
}

/** A file and the tests' files that it imports, directly or not. */
function reach(start: string, read: (path: string) => string): Set<string> {
  const reached = new Set([start]);
  for (const path of reached) { // grows while it is walked
    for (const [, specifier = ""] of read(path).matchAll(/\bfrom "(\.[^"]+\.ts)";$/gm)) {
      const to = new URL(specifier, `file:///${path}`).pathname.slice(1);
      if (to.startsWith("tests/")) reached.add(to);
    }
  }
  return reached;
}

const files = ["src", "tools", "tests"].flatMap(filesBelow);

Deno.test(`no folder has more than ${MOST_FILES} files`, () => {
  assertEquals(findCrowdedFolders(files), []);
});

Deno.test(`no file of code has more than ${MOST_LINES} lines`, () => {
  assertEquals(findLongFiles(files, readProjectFile), []);
});

Deno.test("each test is in a tier, each snapshot beside its test", () => {
  assertEquals([...findTestsOutsideTiers(files), ...findSnapshotsOfNobody(files)], []);
});

Deno.test("a unit test needs no binary", () => {
  assertEquals(
    findUnitTestsOfBinary(files, readProjectFile),
    [],
  );
});

Deno.test("each helper of tests says what it gives", () => {
  const silent = files.filter((path) => /^tests\/kit\/\w+\.ts$/.test(path)).filter((path) =>
    !/^(\/\/\/.*\n)?\/\*\*/.test(readProjectFile(path))
  );
  assertEquals(silent, []);
});

Deno.test("the rules on the tree report what breaks them", () => {
  const many = (folder: string): string[] =>
    Array.from({ length: MOST_FILES + 1 }, (_, index) => `${folder}/file${index}.ts`);
  assertEquals(
    findCrowdedFolders([...many("src/row"), ...many("tests/testdata/hooks"), "src/log/x.ts"]),
    ["src/row has 21 files, more than 20"],
  );
  assertEquals(
    findLongFiles(
      [
        "src/long.ts",
        "src/full.ts",
        "src/page/long.css",
        "tools/long.sh",
        "tests/testdata/long.ts",
      ],
      (path) => "line\n".repeat(path === "src/full.ts" ? MOST_LINES : MOST_LINES + 1),
    ),
    [
      "src/long.ts has 301 lines, more than 300",
      "src/page/long.css has 301 lines, more than 300",
    ],
  );
  assertEquals(
    findTestsOutsideTiers([
      "tests/unit/a_test.ts",
      "tests/kit/b_test.ts",
      "tests/unitary/c_test.ts",
    ]),
    [
      "tests/kit/b_test.ts is in no tier, so it never runs",
      "tests/unitary/c_test.ts is in no tier, so it never runs",
    ],
  );
  const snapshots = ["tests/unit/x/__snapshots__/a_test.ts.snap", "tests/unit/x/a_test.ts"];
  assertEquals(findSnapshotsOfNobody(snapshots), []);
  assertEquals(findSnapshotsOfNobody(snapshots.slice(0, 1)).length, 1);
  const texts: Record<string, string> = {
    "tests/unit/a_test.ts": 'import { home } from "../kit/homes.ts";\n',
    "tests/unit/b_test.ts": 'import { call } from "../kit/calls.ts";\n',
    "tests/kit/homes.ts": 'import {\n  perfmon,\n} from "./perfmon.ts";\n',
  };
  assertEquals(findUnitTestsOfBinary(Object.keys(texts), (path) => texts[path] ?? ""), [
    "tests/unit/a_test.ts runs the binary, so it belongs in tests/binary",
  ]);
});
