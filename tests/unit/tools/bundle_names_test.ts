import { numberChunks } from "../../../tools/bundle_names.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("chunks have the same names whatever hashes the bundler gave them", () => {
  const bundles = (hashes: readonly string[]): Map<string, string> => {
    const [one, two, three] = hashes;
    return new Map([
      [`chunk-${one}.js`, "export var a=1;"],
      [`chunk-${two}.js`, `import{a}from"./chunk-${one}.js";`],
      ["commands/top.js", `import{b}from"../chunk-${two}.js";import{a}from"../chunk-${one}.js";`],
      ["commands/check.js", `var x=()=>import("../rules-${three}.js");`],
      [`rules-${three}.js`, `import"./chunk-${one}.js";`],
    ]);
  };
  const named = {
    "chunk-3.js": "export var a=1;",
    "chunk-2.js": 'import{a}from"./chunk-3.js";',
    "commands/top.js": 'import{b}from"../chunk-2.js";import{a}from"../chunk-3.js";',
    "commands/check.js": 'var x=()=>import("../rules-1.js");',
    "rules-1.js": 'import"./chunk-3.js";',
  };
  for (
    const hashes of [["2Q7OCNEA", "7BSWADGK", "LUQFXRMO"], ["ZZZZZZZZ", "YYYYYYYY", "AAAAAAAA"]]
  ) {
    assertEquals(Object.fromEntries(numberChunks(bundles(hashes))), named);
  }
});
