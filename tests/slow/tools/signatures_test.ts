/** What a stranger reads of a module is complete: `deno doc --lint` on all of src. */
import { assert, assertEquals } from "../../std/std_assert.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../../..`);

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(`${ROOT}/${folder}`)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (/(?<!\.d)\.ts$/.test(name)) yield `${folder}/${name}`;
  }
}

/** The complaints about types that are used in public and declared in private, of perfmon's own files. */
function privateTypesIn(report: string): string[] {
  // deno-lint-ignore no-control-regex -- colours
  const text = report.replace(/\x1b\[[0-9;]*m/g, "");
  return [...text.matchAll(/error\[private-type-ref\]: (.*)\n\s*--> (.*)/g)]
    .filter(([, , place = ""]) => place.includes("/src/") && !place.includes("/npm/"))
    .map(([, complaint]) => complaint ?? "");
}

Deno.test("no public signature names a private type", async () => {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", "main.ts", ...sources("src")],
    cwd: ROOT,
  }).output();
  const report = new TextDecoder().decode(stderr);
  assert(report.includes("error["), `deno doc has nothing to say at all: ${report}`);
  assertEquals(privateTypesIn(report), []);
});

Deno.test("the rule on private types reports what breaks it", () => {
  const report = [
    "error[private-type-ref]: public type 'a' references private type 'B'",
    "  --> /work/perfmon/src/row/a.ts:4:1",
    "error[private-type-ref]: public type 'c' references private type 'D'",
    "  --> /root/.cache/deno/npm/registry.npmjs.org/x/src/d.d.ts:1:1",
  ].join("\n");
  assertEquals(privateTypesIn(report), ["public type 'a' references private type 'B'"]);
});
