/** Command lines as people and models type them, with what must not be seen of them between braces. */
import { redact } from "../../../src/agents/claude/redact.ts";
import { readProjectFile } from "../../kit/project.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";
import { inQuietMoment } from "../../kit/waits.ts";

/** The lines of a file, without its headings. */
function linesOf(name: string): string[] {
  return readProjectFile(`tests/testdata/command_lines/${name}.txt`).trimEnd().split("\n")
    .filter((line) => !line.startsWith("## "));
}

/** A line, and what is secret in it. The braces of JSON hold a quote, which no secret begins with. */
function take(line: string): { text: string; secrets: string[] } {
  const secrets: string[] = [];
  const text = line.replace(/\{([^"{}][^{}]*)\}/g, (_, secret: string) => {
    secrets.push(secret);
    return secret;
  });
  return { text, secrets };
}

const SECRET = linesOf("secret").map(take);
const INNOCENT = linesOf("innocent");

Deno.test("of lines as they are typed no secret is left", () => {
  const left = SECRET.filter(({ text, secrets }) =>
    secrets.some((secret) => redact(text).includes(secret))
  );
  assertEquals(left.map(({ text }) => `${text} → ${redact(text)}`), []);
});

Deno.test("lines that look like these, and hold no secret, stay as they are", () => {
  const changed = INNOCENT.filter((line) => redact(line) !== line);
  assertEquals(changed.map((line) => `${line} → ${redact(line)}`), []);
});

Deno.test("each line has a secret, and its program stays", () => {
  for (const { text, secrets } of SECRET) {
    assert(secrets.length > 0 && secrets.every((secret) => text.includes(secret)), text);
    const [program = ""] = text.split(/[\s=:;]/);
    assert(redact(text).startsWith(program), redact(text));
  }
  assert(SECRET.length >= 200 && INNOCENT.length >= 60);
});

Deno.test("of a URL no password is left, however long it is and whatever it holds", () => {
  for (const length of [10, 1000, 1990, 2010, 10_000]) {
    const url = `postgres://me:${"hunter2/@".repeat(length / 9)}@db/x`;
    assert(!redact(`psql ${url} -c x`).includes("hunter2"), `${length}`);
    assert(redact(`psql ${url} -c x`).endsWith(" -c x"), `${length}`);
  }
});

Deno.test(
  "a hostile line takes no time",
  inQuietMoment(() => {
    const pieces = ["curl -u ", "config ", "echo ", "secret set ", "password", "_KEY=", "a:", "-p"];
    for (const piece of [...pieces, "'\"", "<<< ", "||", "token-p", "x.", "A_"]) {
      const took = cpuMilliseconds(() => redact(piece.repeat(2000 / piece.length)));
      assert(took < 1000, `${piece}: ${took} ms`);
    }
    // A file in a command, as base64 or hex on one line: perfmon show redacts all of it.
    for (const piece of ["aB3/", "0a9f", "x.y-", "a:b:", "a://", "a://b:c"]) {
      const took = cpuMilliseconds(() => redact("cat > f <<'EOF' " + piece.repeat(25_000)));
      assert(took < 2000, `${piece}: ${took} ms`);
    }
  }),
);
