/** Paths of any characters at all. */
import fc from "fast-check";

/** One character. fast-check's own `binary` lists all of Unicode first, which takes two seconds. */
const character: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
).map((code) => String.fromCodePoint(code));

/** An absolute path. */
export const anyPath: fc.Arbitrary<string> = fc.string({ unit: character, minLength: 1 })
  .map((name) => `/${name}`);
