import { assert, assertEquals } from "../../std/std_assert.ts";
import config from "../../../deno.json" with { type: "json" };

const ROOT = `${import.meta.dirname}/../../..`;

/** Returns the packages that a lock file has, by name and version: `npm:diff@9.0.0`. */
function lockedPackages(path: string): string[] {
  const { specifiers } = JSON.parse(Deno.readTextFileSync(`${ROOT}/${path}`));
  return Object.keys(specifiers).sort();
}

/** Returns the packages that an import map takes from npm. */
function mappedPackages(imports: Readonly<Record<string, string>>): string[] {
  const packages = Object.values(imports).flatMap((target) =>
    /^npm:\/?((?:@[^/]+\/)?[^/]+)/.exec(target)?.[1] ?? []
  );
  return [...new Set(packages.map((name) => `npm:${name}`))].sort();
}

Deno.test("the build is locked to its own packages, and fetches none of the tests'", () => {
  const ofBuild = mappedPackages(config.imports);
  const ofTests = mappedPackages(config.scopes["./tests/"]);
  assert(ofBuild.length > 0 && ofTests.length > 0);
  assertEquals(ofTests.filter((name) => ofBuild.includes(name)), []);
  assertEquals(lockedPackages("deno.lock"), ofBuild, 'run "deno task lock"');
  assertEquals(
    lockedPackages("tests/deno.lock"),
    [...ofBuild, ...ofTests].sort(),
    'run "deno task lock"',
  );
});
