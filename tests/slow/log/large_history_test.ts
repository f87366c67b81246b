/** Histories that are larger than their limit as plain text, and far below it once they are compressed. */
import type { LogLocation } from "../../../src/log/location.ts";
import { HOOK } from "../../kit/homes.ts";
import { appendRows, logIn } from "../../kit/numbered_rows.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { FULL_HEADER } from "../../../src/row/columns.ts";
import { formatRow, FULL_COLUMNS } from "../../../src/row/columns.ts";
import type { Sample } from "../../../src/row/sample.ts";

const LIMIT = 32 << 20;

/** What `report --all` counts and says on stderr. */
async function report({ path }: LogLocation): Promise<{ calls: number; stderr: string }> {
  const args = ["report", "--all", "--json", "--file", path];
  const { stdout, stderr } = expectExit(await perfmon(args, { timeout: 300_000 }), 0);
  return { calls: JSON.parse(stdout).all.calls, stderr };
}

function historyBytes({ folder }: LogLocation): number {
  return [...Deno.readDirSync(`${folder}/history`)]
    .reduce((sum, { name }) => sum + Deno.statSync(`${folder}/history/${name}`).size, 0);
}

/** Writes segments of 250 calls each, as rotations leave them. */
function writeSegments({ folder }: LogLocation, count: number): void {
  Deno.mkdirSync(`${folder}/history`, { recursive: true });
  const now = Math.floor(Date.now() / 1000);
  for (let segment = 1; segment <= count; segment++) {
    const rows = [`${FULL_HEADER}\n`];
    for (let call = 0; call < 250; call++) {
      const start: Sample = {
        timestamp: now - 60 * (count - segment) + call / 8,
        event: "start",
        toolName: "Bash",
        cpuPercent: 12.5,
        memoryRss: 250_000 + call,
        cpuSeconds: 100 + call,
        childCpuSeconds: 200 + call,
        treeRss: 300_000 + call,
        children: 3,
        pid: 4711,
        processStart: now - 90_000,
        sessionId: "3c1f1f6e-9d5b-4a52-8a5d-0f4a3a1d2b6c",
        toolUseId: `toolu_${segment}_${call}`,
        project: "api",
        clientVersion: "2.1.330",
      };
      const end: Sample = {
        ...start,
        timestamp: start.timestamp + 0.1,
        event: "end",
        status: "ok",
        durationMs: 90,
      };
      rows.push(formatRow(start, FULL_COLUMNS), formatRow(end, FULL_COLUMNS));
    }
    const name = `${String(segment).padStart(8, "0")}.csv`;
    Deno.writeTextFileSync(`${folder}/history/${name}`, rows.join(""));
  }
}

Deno.test("162,501 calls in ordinary segments stay as many over ten reports", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 1);
  writeSegments(location, 650);
  assert(historyBytes(location) > LIMIT, `${historyBytes(location)} bytes`);
  for (let look = 0; look < 10; look++) {
    assertEquals(await report(location), { calls: 162_501, stderr: "" }, `report ${look + 1}`);
  }
  assert(historyBytes(location) < LIMIT);
});

Deno.test("a log of 38 MB by shell recipes keeps every row in its history", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const calls = 600_000;
  const begin = Math.floor(Date.now() / 1000) - 80 * 86_400;
  {
    using file = Deno.openSync(location.path, { write: true, create: true });
    const encoder = new TextEncoder();
    let text = "";
    for (let call = 0; call < calls; call++) {
      const time = begin + call * 10;
      text += `${time}.123456789,0.5,256780,Bash,start\n${
        time + 1
      }.123456789,0.6,256790,Bash,end\n`;
      if (text.length < 1 << 20 && call < calls - 1) continue;
      file.writeSync(encoder.encode(text));
      text = "";
    }
  }
  assert(Deno.statSync(location.path).size > 38e6);
  const rec = async (...args: string[]): Promise<void> => {
    const options = { stdin: HOOK.replace("Pre", "Post"), timeout: 60_000 };
    expectExit(await perfmon(["rec", "end", "--file", location.path, ...args], options), 0);
  };
  await rec();
  for (let look = 0; look < 3; look++) {
    assertEquals(await report(location), { calls: calls + 1, stderr: "" });
  }
  // Until it is not the newest segment any more, and is compressed.
  for (let row = 2; row <= 9; row++) await rec("--max-lines", "4", "--keep", "2");
  for (let look = 0; look < 3; look++) {
    const { calls: found, stderr } = await report(location);
    assertEquals([found >= calls + 1, stderr], [true, ""], `${found} calls`);
  }
  assert(historyBytes(location) < LIMIT, `${historyBytes(location)} bytes`);
});
