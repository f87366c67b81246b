import { splitRecord } from "../../../src/row/spool_record.ts";
import { assertEquals } from "../../std/std_assert.ts";

const JSON_TEXT = '{"tool_name":"Bash","x":"perfmon 1 2;;\\n{"}\n';
const UPTIME = "1234.56 2000.00\n";
const STAT = "42 (a (b) {c) 1) S 1 42 42 0 -1 4194304 100 0 0 0 11 12 13 14 20 0 7 0 5000 1 2 3\n";
const STATM = "1000 250 100 1 0 80 0\n";

Deno.test("splitRecord: header, the kernel's lines, children and JSON", () => {
  assertEquals(
    splitRecord(`perfmon 1 77;--params --keep 5;a;b\n${UPTIME}${STAT}${STATM}77 99 ${JSON_TEXT}`),
    {
      shell: 77,
      options: "--params --keep 5",
      agent: "a;b",
      project: "",
      isCopilot: false,
      figures: {
        uptime: "1234.56",
        stat: STAT,
        resident: "250",
        shellCpu: undefined,
        children: "77 99 ",
        ps: undefined,
      },
      json: JSON_TEXT,
    },
  );
});

Deno.test("splitRecord: the second form tells project and client, too", () => {
  const told = (header: string): unknown => {
    const { shell, options, agent, project, isCopilot, json } = splitRecord(
      `perfmon 2 ${header}\n${UPTIME}${STAT}${STATM}77 99 ${JSON_TEXT}`,
    )!;
    assertEquals([shell, json], [77, JSON_TEXT]);
    return { options, agent, project, isCopilot };
  };
  const none = { options: "", agent: "", project: "", isCopilot: false };
  assertEquals(told("77;;;;"), none);
  assertEquals(told("77;--async;copilot;;"), { ...none, options: "--async", isCopilot: true });
  assertEquals(told("77;;;claude-code_2-1-330_x;a; {b"), {
    ...none,
    agent: "claude-code_2-1-330_x",
    project: "a; {b",
  });
});

Deno.test("splitRecord: what the hook's shell has used stands before the children", () => {
  const { figures } = splitRecord(
    `perfmon 2 77;;;;\n${UPTIME}${STAT}${STATM}5 6 7\n77 99 ${JSON_TEXT}`,
  )!;
  assertEquals([figures.resident, figures.shellCpu, figures.children], ["250", "5", "77 99 "]);
});

Deno.test("splitRecord: what is missing of the figures is missing, and the JSON is found", () => {
  const figures = (text: string) => splitRecord(`perfmon 1 77;;\n${text}${JSON_TEXT}`)?.figures;
  const none = {
    uptime: undefined,
    stat: undefined,
    resident: undefined,
    shellCpu: undefined,
    ps: undefined,
  };
  assertEquals(figures(""), { ...none, children: "" });
  assertEquals(figures(UPTIME), { ...none, uptime: "1234.56", children: "" });
  assertEquals(figures(UPTIME + STAT), { ...none, uptime: "1234.56", stat: STAT, children: "" });
  const ps = " 42  1 3456  0.5 00:00:01 Wed Nov 25 20:00:00 2026 /bin/{x\n";
  assertEquals(figures(ps), { ...none, children: undefined, ps });
});

Deno.test("splitRecord: what is not written yet, or by somebody else, is no record", () => {
  const whole = `perfmon 1 77;;x\n${UPTIME}${STAT}${STATM}77 {}\n`;
  for (let length = 0; length < whole.indexOf("{}"); length++) {
    assertEquals(splitRecord(whole.slice(0, length)), undefined, whole.slice(0, length));
  }
  assertEquals(splitRecord(whole.replace("perfmon 1", "perfmon 2")), undefined);
  assertEquals(splitRecord("{}\n"), undefined);
});
