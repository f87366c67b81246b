import { PLAIN } from "../../../src/text/style.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { showText } from "../../../src/commands/show/show_text.ts";
import { COMMANDS_NOW, commandSamples, end, start } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";

const OPTIONS = {
  now: COMMANDS_NOW,
  utc: true,
  session: (id: string): string => id.slice(0, 4),
  style: PLAIN,
  workEnd: undefined,
  leftBehind: [],
  notes: [],
};

const calls = toCalls(commandSamples(), { isAlive: () => true });
const slowest = calls.find(({ durationSeconds }) => durationSeconds === 598)!;
const running = calls.find(({ status }) => status === "running")!;
const [lonely] = toCalls([end(50, { toolName: "Read", toolUseId: "x" })]);
const [more] = toCalls([
  start(10, {
    toolUseId: "m",
    agentId: "a1",
    agentType: "Explore",
    permissionMode: "auto",
    memoryRss: 300_000,
    readBytes: 0,
    writeBytes: 0,
    clientVersion: "2.1.330",
    children: 1,
  }),
  end(20, {
    agentId: "a1",
    toolUseId: "m",
    durationMs: 7000,
    memoryRss: 402_000,
    outputBytes: 49_152,
    children: 3,
    readBytes: 5_000_000,
    writeBytes: 70_000_000,
  }),
  {
    ...start(20.1, { toolUseId: "m", agentId: "a1" }),
    event: "peak",
    peakRss: 3_000_000,
    peakPss: 2_000_000,
    peakProcesses: 14,
    peakProcess: "node",
    processSeconds: 5.5,
  },
]);
const command = 'npm test -- --runInBand --token [redacted] &&\n  echo "done"';

for (const width of [80, 120, 200]) {
  Deno.test(`showText: single calls in ${width} columns`, async (t) => {
    const process = { pid: 49_120, command: "vite" };
    const left = [{ process, call: slowest, tree: [], isReparented: false }] as never;
    await expectText(
      t,
      [
        showText(slowest, {
          ...OPTIONS,
          width,
          input: { text: command, isCommand: true },
          leftBehind: left,
        }),
        showText(running, {
          ...OPTIONS,
          width,
          input: { text: undefined, why: "no transcript of it here" },
        }),
        showText(lonely!, {
          ...OPTIONS,
          width,
          input: undefined,
          notes: ["2 calls have this id: this is the newest"],
        }),
        showText(more!, {
          ...OPTIONS,
          width,
          input: { text: undefined, why: "no transcript of it here" },
        }),
      ].join("\n"),
    );
  });
}
