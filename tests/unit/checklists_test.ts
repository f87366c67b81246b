/** The checklists of .github/CONTRIBUTING.md, as far as a program can hold them. */
import { assert, assertEquals } from "../std/std_assert.ts";
import { filesBelow, GUIDE as PAGES, readProjectFile, ROOT } from "../kit/project.ts";
import { wantedRegistrations } from "../../src/agents/claude/hooks/events.ts";
import { commands } from "../../src/commands/commands.ts";
import { command as exportCommand } from "../../src/commands/export/export.ts";
import { install } from "../../src/commands/hooks/hooks_install.ts";
import { type Command, helpText } from "../../src/cli/command.ts";
import { completionScript } from "../../src/commands/completions/completions.ts";
import {
  type HookOptions,
  readCommand,
  writeCommand,
} from "../../src/agents/claude/hooks/command_line.ts";
import { REC_FLAGS, type RecFlagSpec } from "../../src/agents/rec_flags.ts";
import { command as rec } from "../../src/record/rec_help.ts";
import { parseRecOptions } from "../../src/record/rec_options.ts";
import { TARGETS } from "../../tools/build.ts";
import { nodePlatform } from "../../tools/packaging/platforms.ts";

const README = readProjectFile("README.md");
/** The README and the pages of docs: what a person reads. */
const GUIDE = PAGES.map(readProjectFile).join("\n");

function isThere(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch {
    return false;
  }
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
    ...(GUIDE.includes(`perfmon ${name}`) ? [] : [`${name}: neither README.md nor docs name it`]),
    ...(hasTest ? [] : [`${name}: no test file is named ${name}_test.ts`]),
  ];
}

Deno.test("each command has its file, an example, a test and a line in the guide", async () => {
  const missing: string[] = [];
  for (const [name, load] of Object.entries(commands)) {
    missing.push(...missingOfCommand(name, (await load()).command));
  }
  assertEquals(missing, []);
});

Deno.test("each export format has an example, a test and a line in the guide", () => {
  const tests = TESTS.filter((path) => /export|grafana|rules|monitoring/.test(path)).map(
    readProjectFile,
  );
  const missing = (exportCommand.subcommands ?? []).flatMap(({ name, examples }) => {
    const format = name.slice("export ".length);
    const call = new RegExp(`"export",\\s*"${format}"|\\["${format}"|export ${format} -`);
    return [
      ...(GUIDE.includes(`export ${format}`)
        ? []
        : [`${format}: neither README.md nor docs name it`]),
      ...(examples.length > 0 ? [] : [`${format}: its help has no example`]),
      ...(tests.some((text) => call.test(text)) ? [] : [`${format}: no test exports it`]),
    ];
  });
  assertEquals(missing, []);
});

/** Of each kind of flag of `rec` a text with what it is read as, and one that can't be used; a switch has none. */
const VALUES_BY_KIND: Readonly<
  Record<RecFlagSpec["kind"], { text?: string; value: unknown; unusable?: string }>
> = {
  switch: { value: true },
  text: { text: "x", value: "x", unusable: "" },
  count: { text: "7", value: 7, unusable: "-7" },
  pid: { text: "7", value: 7, unusable: "0" },
  layout: { text: "basic", value: "basic", unusable: "wide" },
  history: { text: "5d,1MiB", value: "5d,1MiB", unusable: "5 days" },
  alert: { text: "60s", value: "60s" },
};

/** Flags of `rec` that the guide need not name, each with the reason. */
const NOT_IN_GUIDE: Readonly<Record<string, string>> = {};

/** What is missing of a flag of `rec`, in sentences that name it. */
function missingOfFlag(flag: string, { kind, inHook }: RecFlagSpec): string[] {
  const { text, value, unusable } = VALUES_BY_KIND[kind];
  const given = text === undefined ? [`--${flag}`] : [`--${flag}`, text];
  const { options, problems } = parseRecOptions(["end", ...given]);
  const isRead = problems.length === 0 && Reflect.get(options, flag) === value;
  const isRefused = unusable === undefined ||
    parseRecOptions(["end", `--${flag}`, unusable]).problems.join().includes(`--${flag}`);
  const usage = rec.flags.find(({ name }) => name === flag)?.value;
  const shown = usage === undefined ? `--${flag}` : `--${flag} ${usage}`;
  const word = new RegExp(`(--|-l )${flag}(?![\\w-])`);
  const unaware = ["bash", "zsh", "fish"].filter((shell) =>
    !word.test(completionScript(shell, [rec]) ?? "")
  );
  const isNamed = Object.hasOwn(NOT_IN_GUIDE, flag) || word.test(GUIDE);
  return [
    ...(isRead ? [] : [`--${flag}: the parser does not read it as a ${kind}`]),
    ...(isRefused ? [] : [`--${flag}: the parser takes "${unusable}"`]),
    ...(helpText(rec).includes(`  ${shown}`) ? [] : [`--${flag}: rec --help lacks it`]),
    ...((usage === undefined) === (text === undefined)
      ? []
      : [`--${flag}: its help is no ${kind}`]),
    ...unaware.map((shell) => `--${flag}: the completions for ${shell} lack it`),
    ...(isNamed ? [] : [`--${flag}: neither README.md nor docs name it`]),
    ...(inHook === true ? missingOfHookFlag(flag, text ?? true) : []),
  ];
}

function missingOfHookFlag(flag: string, value: string | true): string[] {
  const options: HookOptions = { [flag]: value };
  const line = writeCommand({ moment: "end", options });
  const isCarried = line.includes(`--${flag}`) &&
    Reflect.get(readCommand(line)?.options ?? {}, flag) === value;
  return [
    ...(isCarried ? [] : [`--${flag}: a hook's line does not carry it`]),
    ...(helpText(install).includes(`--${flag}`) ? [] : [`--${flag}: hooks install lacks it`]),
  ];
}

Deno.test("each flag of rec has its help, a parser, completions, its hooks and a line in the guide", () => {
  const missing = Object.entries<RecFlagSpec>(REC_FLAGS).flatMap(([flag, spec]) =>
    missingOfFlag(flag, spec)
  );
  assertEquals(missing, []);
});

Deno.test("the checklist of a flag names the flag that lacks something", () => {
  assertEquals(missingOfFlag("bogus", { kind: "count", inHook: true }), [
    "--bogus: the parser does not read it as a count",
    "--bogus: rec --help lacks it",
    "--bogus: its help is no count",
    "--bogus: the completions for bash lack it",
    "--bogus: the completions for zsh lack it",
    "--bogus: the completions for fish lack it",
    "--bogus: neither README.md nor docs name it",
    "--bogus: a hook's line does not carry it",
    "--bogus: hooks install lacks it",
  ]);
});

Deno.test("each file of an export format is one of the list", () => {
  const list = readProjectFile("src/commands/export/export.ts");
  const missing = filesBelow("src/commands/export")
    .map((path) => path.split("/").at(-1) ?? "")
    .filter((name) => /^export_\w+\.ts$/.test(name) && !list.includes(`"./${name}"`));
  assertEquals(missing, []);
});

Deno.test("each hook that is installed has what the real client wrote to it", () => {
  const captures = filesBelow("tests/testdata/hooks").map((path) => path.split("/").at(-1) ?? "");
  const events = (["binary", "spool"] as const).flatMap((way) =>
    wantedRegistrations({ way }).map(({ event }) => event)
  );
  const missing = [...new Set(events)].filter((event) =>
    !captures.some((name) => name === `${event}.json` || name.startsWith(`${event}-`))
  );
  assertEquals(missing, []);
});

Deno.test("each agent has its parser, its version, its hooks and tests", () => {
  for (const { name, isDirectory } of Deno.readDirSync(`${ROOT}/src/agents`)) {
    if (!isDirectory) continue; // what all agents share
    for (const part of ["event.ts", "client_version.ts", "hooks"]) {
      assert(isThere(`src/agents/${name}/${part}`), `${name}: no src/agents/${name}/${part}`);
    }
    const isTested = TESTS.some((path) =>
      path.startsWith("tests/unit/agents/") &&
      readProjectFile(path).includes(`/src/agents/${name}/`)
    );
    assert(isTested, `${name}: no test in tests/unit/agents imports anything of it`);
  }
});

Deno.test("each platform is built by the release and named in the README", () => {
  const release = readProjectFile(".github/workflows/release.yml");
  assert(release.includes("task release "), "release.yml does not build all of them");
  for (const target of TARGETS) {
    assert(nodePlatform(target).os !== undefined, `${target}: npm has no name for it`);
    const system = target.includes("linux") ? "Linux" : "macOS";
    assert(README.includes(system), `${target}: README.md does not name ${system}`);
  }
});

const PAPERS = [...PAGES, ...filesBelow(".github"), "CHANGELOG.md"]
  .filter((path) => path.endsWith(".md"));

Deno.test("the papers link only to files and headings that are there", () => {
  const missing = PAPERS.flatMap((paper) =>
    [...readProjectFile(paper).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
      .filter(([, path = "", heading]) => {
        const target = path === "" ? paper : join(paper, path);
        return !isThere(target) ||
          heading !== undefined && !headingsOf(readProjectFile(target)).includes(heading);
      })
      .map(([link]) => `${paper} links to ${link}`)
  );
  assertEquals(missing, []);
});

/** A link's path, seen from a paper, as a path from the root. */
function join(paper: string, link: string): string {
  return new URL(link, `file:///${paper}`).pathname.slice(1);
}

/** The headings of a paper as links name them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
  );
}

Deno.test("the papers name only files that are there", () => {
  const missing = PAPERS
    .flatMap((paper) =>
      [
        ...readProjectFile(paper).matchAll(
          /`((?:src|tests|tools|examples|docs|\.github|unit|binary|slow|campaigns)\/[\w./-]*)`/g,
        ),
      ]
        .map(([, path = ""]) => path)
        .filter((path) =>
          !/[A-Z]{2,}|\/X\b|\*/.test(path) && !isThere(path) && !isThere(`tests/${path}`)
        )
        .map((path) => `${paper} names ${path}`)
    );
  assertEquals(missing, []);
});
