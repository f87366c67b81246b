import { walkSync } from "@std/fs";
import { BUNDLE_FLAGS } from "../../../tools/bundle.ts";
import { assemblePage } from "../../../tools/bundle_page.ts";
import {
  BundleError,
  commonFolder,
  countUsing,
  finishBundle,
  guardUsing,
  outputOf,
  prepareSource,
  removeGuards,
} from "../../../tools/bundle_text.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../../..`);

/** Bundles files on their own, as the build bundles, and returns the folder's bundles by name. */
async function bundleEach(folder: string, names: readonly string[]): Promise<Map<string, string>> {
  const args = [...BUNDLE_FLAGS, `--outdir=${folder}/out`, ...names.map((it) => `${folder}/${it}`)];
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stderr: "inherit" });
  assert((await command.output()).success);
  return new Map(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/out/${outputOf(name)}`)]),
  );
}

Deno.test("each `using` of the sources is in the bundle", async () => {
  using folder = temporaryFolder();
  const sources = new Map<string, string>();
  const files = walkSync(`${ROOT}/src`, { includeDirs: false, exts: [".ts"] });
  for (const { path } of files) {
    const text = Deno.readTextFileSync(path);
    if (/^\s*(await )?using\b/m.test(text)) sources.set(path.slice(ROOT.length + 1), text);
  }
  assert(sources.size > 20);
  const names = [...sources].map(([path, text], index) => {
    // Each alone, so that what is lost is known to be of this file.
    const alone = guardUsing(path, text)
      .replaceAll(/( from |\bimport\()"[^"]+"/g, '$1"in-need:other"');
    Deno.writeTextFileSync(`${folder.path}/${index}.ts`, alone);
    return `${index}.ts`;
  });
  const bundles = await bundleEach(folder.path, names);
  const lost = [...sources].flatMap(([path, text], index) => {
    const kept = countUsing(removeGuards(path, bundles.get(`${index}.ts`)!));
    const written = text.match(/^\s*(await )?using\b/gm)!.length;
    return kept === written ? [] : [`${path}: ${kept} of ${written}`];
  });
  assertEquals(lost, []);
});

Deno.test("without its guard the bundler drops a `using` whose variable is read once", async () => {
  using folder = temporaryFolder();
  const source = [
    "export async function f(open: () => Promise<Disposable & { isHeld: boolean }>) {",
    "  using lock = await open();",
    "  return lock.isHeld;",
    "}",
    "",
  ].join("\n");
  Deno.writeTextFileSync(`${folder.path}/bare.ts`, source);
  Deno.writeTextFileSync(`${folder.path}/guarded.ts`, guardUsing("guarded.ts", source));
  const bundles = await bundleEach(folder.path, ["bare.ts", "guarded.ts"]);
  assertEquals(countUsing(bundles.get("bare.ts")!), 0, "it no longer does: guardUsing can go");
  assertEquals(countUsing(bundles.get("guarded.ts")!), 1);
});

Deno.test("guardUsing refuses a `using` that it can't guard, and names the file", () => {
  const guarded = guardUsing(
    "a.ts",
    "{\n  using a = b();\n  await using c = d({\n    e,\n  });\n}\n",
  );
  assertEquals(
    guarded,
    "{\n  using a = b(); debugger;\n  await using c = d({\n    e,\n  }); debugger;\n}\n",
  );
  assertEquals(
    guardUsing("a.ts", "/** using a = b; */\n// using a = b;\n"),
    [
      "/** using a = b; */",
      "// using a = b;",
      "",
    ].join("\n"),
  );
  assertThrows(() => guardUsing("a.ts", "for (using a = b();;) {}\n"), BundleError, '"a.ts"');
  assertThrows(() => guardUsing("a.ts", "if (a) { using b = c(); }\n"), BundleError, '"a.ts"');
});

Deno.test("removeGuards throws where the `using` before a guard is gone, and names the bundle", () => {
  assertEquals(removeGuards("a.js", "{using a=b();debugger;a.c()}"), "{using a=b();a.c()}");
  assertEquals(removeGuards("a.js", "{await using a=b();debugger}"), "{await using a=b();}");
  assertThrows(() => removeGuards("a.js", "{debugger;b().c()}"), BundleError, '"a.js" has 0');
});

Deno.test("a module that is imported in need is known by its path, from wherever it is imported", () => {
  const imports = [
    { to: "src/log/write/cut.ts", kind: "dynamic", written: "./cut.ts" },
    { to: "src/log/lock.ts", kind: "static", written: "../lock.ts" },
  ] as const;
  const text = 'import { lock } from "../lock.ts";\nawait import("./cut.ts");\n';
  const prepared = prepareSource("src/log/write/rotate.ts", text, imports);
  assertEquals(
    prepared,
    'import { lock } from "../lock.ts";\nawait import("in-need:src/log/write/cut.ts");\n',
  );
  const bundled = 'await import("in-need:src/log/write/cut.ts")';
  assertEquals(finishBundle("main.js", bundled), 'await import("./src/log/write/cut.js")');
  assertEquals(
    finishBundle("src/log/clear.js", bundled),
    'await import("../../src/log/write/cut.js")',
  );
  assertThrows(
    () => prepareSource("src/a.ts", "", imports),
    BundleError,
    'lacks import("./cut.ts")',
  );
});

Deno.test("of deno.json only the version is bundled", () => {
  const text = 'import config from "../../deno.json" with { type: "json" };\n';
  assertEquals(
    prepareSource("src/commands/dispatch.ts", text, []),
    'import config from "../../version.json" with { type: "json" };\n',
  );
});

Deno.test("commonFolder is the deepest folder that holds all files", () => {
  assertEquals(commonFolder(["src/log/a.ts", "src/log/b.ts"]), "src/log");
  assertEquals(commonFolder(["src/log/write/a.ts", "src/log/b.ts", "src/logs/c.ts"]), "src");
  assertEquals(commonFolder(["src/a.ts", "main.ts"]), "");
  assertEquals(commonFolder(["src/log/a.ts"]), "src/log");
});

Deno.test("assemblePage puts script and style in as they are, and refuses what ends too early", async () => {
  const frame = '<meta content="{{policy}}"><style></style><script type="module" async></script>';
  const page = await assemblePage(frame, "a('$&')", "b{}");
  assert(page.includes("<style>b{}</style>"));
  assert(page.includes(`<script type="module" async>a('$&')</script>`));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a('$&')"));
  assert(page.includes(`script-src 'sha256-${new Uint8Array(digest).toBase64()}';`));
  await assertRejects(() => assemblePage(frame, '"</script>"', ""), BundleError);
  await assertRejects(() => assemblePage(frame, '"<!--"', ""), BundleError);
  await assertRejects(() => assemblePage(frame, "", "</style>"), BundleError);
});
