/** The checklists of .github/CONTRIBUTING.md, as far as a program can hold them. */
import { assert, assertEquals } from "../std/std_assert.ts";
import { wantedRegistrations } from "../../src/agents/claude/hooks/events.ts";
import { commands } from "../../src/commands/commands.ts";
import { command as exportCommand } from "../../src/commands/export/export.ts";
import type { Command } from "../../src/cli/command.ts";
import { TARGETS } from "../../tools/build.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../..`);
const README = read("README.md");

function read(path: string): string {
  return Deno.readTextFileSync(`${ROOT}/${path}`);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch {
    return false;
  }
}

/** The files below a folder of the project, as paths from its root. */
function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(`${ROOT}/${folder}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

const TESTS = filesBelow("tests").filter((path) => path.endsWith("_test.ts"));

/** What is missing of a command, in sentences that name it. */
function missingOfCommand(name: string, command: Command): string[] {
  const places = [`src/commands/${name}/${name}.ts`, `src/commands/${name}.ts`];
  const hasTest = TESTS.some((path) => new RegExp(`/${name}(_\\w+)?_test\\.ts$`).test(path));
  return [
    ...(name === "rec" || places.some(isThere) ? [] : [`${name}: no ${places[0]}`]),
    ...(command.examples.length > 0 ? [] : [`${name}: its help has no example`]),
    ...(command.summary !== "" ? [] : [`${name}: no summary`]),
    ...(README.includes(`perfmon ${name}`) ? [] : [`${name}: README.md does not name it`]),
    ...(hasTest ? [] : [`${name}: no test file is named ${name}_test.ts`]),
  ];
}

Deno.test("each command has its file, an example, a test and a line in the README", async () => {
  const missing: string[] = [];
  for (const [name, load] of Object.entries(commands)) {
    missing.push(...missingOfCommand(name, (await load()).command));
  }
  assertEquals(missing, []);
});

Deno.test("each export format has an example, a test and a line in the README", () => {
  const tests = TESTS.filter((path) => /export|grafana|rules|monitoring/.test(path)).map(read);
  const missing = (exportCommand.subcommands ?? []).flatMap(({ name, examples }) => {
    const format = name.slice("export ".length);
    const call = new RegExp(`"export",\\s*"${format}"|export ${format}\\b`);
    return [
      ...(README.includes(`export ${format}`) ? [] : [`${format}: README.md does not name it`]),
      ...(examples.length > 0 ? [] : [`${format}: its help has no example`]),
      ...(tests.some((text) => call.test(text)) ? [] : [`${format}: no test exports it`]),
    ];
  });
  assertEquals(missing, []);
});

Deno.test("each hook that is installed has what the real client wrote to it", () => {
  const captures = filesBelow("tests/testdata/hooks").map((path) => path.split("/").at(-1) ?? "");
  const events = (["binary", "spool"] as const).flatMap((way) =>
    wantedRegistrations({}, undefined, undefined, way).map(({ event }) => event)
  );
  const missing = [...new Set(events)].filter((event) =>
    !captures.some((name) => name === `${event}.json` || name.startsWith(`${event}-`))
  );
  assertEquals(missing, []);
});

Deno.test("each agent has its parser, its version, its hooks and tests", () => {
  for (const { name } of Deno.readDirSync(`${ROOT}/src/agents`)) {
    for (const part of ["event.ts", "client_version.ts", "hooks"]) {
      assert(isThere(`src/agents/${name}/${part}`), `${name}: no src/agents/${name}/${part}`);
    }
    assert(
      TESTS.some((path) => path.startsWith("tests/unit/agents/")),
      `${name}: no tests in tests/unit/agents`,
    );
  }
});

Deno.test("each platform is built by the release and named in the README", () => {
  const release = read(".github/workflows/release.yml");
  for (const target of TARGETS) {
    assert(release.includes(target), `${target}: release.yml does not build it`);
    const system = target.includes("linux") ? "Linux" : "macOS";
    assert(README.includes(system), `${target}: README.md does not name ${system}`);
  }
});

Deno.test("the papers name only files that are there", () => {
  const missing = ["README.md", ...filesBelow(".github"), "CHANGELOG.md"]
    .filter((path) => path.endsWith(".md"))
    .flatMap((paper) =>
      [...read(paper).matchAll(/`((?:src|tests|tools|examples|\.github)\/[\w./-]*)`/g)]
        .map(([, path = ""]) => path)
        .filter((path) => !/[A-Z]{2,}|\/X\b|\*/.test(path) && !isThere(path))
        .map((path) => `${paper} names ${path}`)
    );
  assertEquals(missing, []);
});
