import { writeDashboard } from "../../examples/dashboard.ts";
import { sampleFiles } from "../../examples/sample_log.ts";
import { assert, assertEquals, assertStringIncludes } from "../std/std_assert.ts";
import { expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";

const EXAMPLES = `${import.meta.dirname}/../../examples`;

Deno.test("the committed sample logs are what their script writes", async () => {
  for (const [name, text] of Object.entries(sampleFiles())) {
    assertEquals(await Deno.readTextFile(`${EXAMPLES}/${name}`), text, name);
  }
});

Deno.test("both sample logs report the same calls, the basic one without what it lacks", async () => {
  for (const name of Object.keys(sampleFiles())) {
    const { stdout } = expectExit(
      await perfmon(["report", "--all", "--file", `${EXAMPLES}/${name}`]),
      0,
    );
    assertStringIncludes(stdout, "130 calls");
  }
});

Deno.test("the committed page is that of the sample log", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/dashboard.html`;
  assert(await writeDashboard(path));
  const hint = "run deno run -A examples/dashboard.ts";
  assertEquals(await essenceOf(path), await essenceOf(`${EXAMPLES}/dashboard.html`), hint);
});

/**
 * A page without its script and style, which change with the code and are tested in a browser, and with
 * its data as they are before they are compressed.
 */
async function essenceOf(path: string): Promise<string[]> {
  const page = (await Deno.readTextFile(path))
    .replace(/(<(script type="module" async|style)>).*?<\/(script|style)>/gs, "$1")
    .replace(/sha256-[^']+/g, "sha256-");
  const data = /(<script [^>]*id="(?:head|columns)">)([^<]*)<\/script>/g;
  const blocks = [...page.matchAll(data)].map(([, , base64 = ""]) => inflate(base64));
  assertEquals(blocks.length, 2);
  return [page.replace(data, "$1"), ...await Promise.all(blocks)];
}

async function inflate(base64: string): Promise<string> {
  const bytes = new Blob([Uint8Array.fromBase64(base64)]).stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return await new Response(bytes).text();
}

Deno.test("the demo records its seven calls around real commands and shows the report", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${EXAMPLES}/demo.ts`],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertStringIncludes(text, "Last 7 days: 7 calls, 1 session");
  const log = `${import.meta.dirname}/../../dist/demo/performance.csv`;
  const report = expectExit(await perfmon(["report", "--json", "--file", log]), 0);
  const bash = JSON.parse(report.stdout).groups.find((each: { name: string }) =>
    each.name === "Bash"
  );
  assertEquals(bash?.calls, 5);
  assertEquals(bash?.failed, 1);
});
