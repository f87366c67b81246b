/** CPU of an MCP server: a process of the client that lives on, in a call that runs alone. */
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { kernelCpuSeconds, readProc } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";

/** A server that burns CPU for each line that it reads, and answers then. */
const SERVER =
  "while read -r line; do n=0; while [ $n -lt 400000 ]; do n=$((n+1)); done; echo done; done";

Deno.test(
  "a call of an MCP server that ran alone has the CPU that the server used",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    // A client of its own: this process has children of tests that run at the same time.
    const client = new Deno.Command("/bin/sh", {
      args: ["-c", `(${SERVER}); exit 0`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const rec = async (moment: string): Promise<void> => {
      const hook = {
        session_id: "s",
        hook_event_name: moment === "start" ? "PreToolUse" : "PostToolUse",
        tool_name: "mcp__burner__burn",
        tool_input: {},
        tool_use_id: "a",
      };
      expectExit(
        await perfmon(["rec", moment, "--file", log], {
          stdin: JSON.stringify(hook) + "\n",
          env: { CLAUDE_PID: String(client.pid) },
        }),
        0,
      );
    };
    const [writer, reader] = [client.stdin.getWriter(), client.stdout.getReader()];
    const children = (): string => readProc(client.pid, `task/${client.pid}/children`).trim();
    await waitFor(() => children() !== "", "the server");
    const server = Number(children());
    await rec("start");
    const before = kernelCpuSeconds(server);
    await writer.write(new TextEncoder().encode("burn\n"));
    await reader.read();
    const used = kernelCpuSeconds(server) - before;
    await rec("end");
    await writer.close();
    reader.releaseLock();
    await client.stdout.cancel();
    await client.status;
    const { groups } = JSON.parse(
      expectExit(await perfmon(["report", "--by", "server", "--json", "--file", log]), 0).stdout,
    );
    assertEquals(groups.map(({ name }: { name: string }) => name), ["burner"]);
    assertAlmostEquals(groups[0].cpu_seconds, used, 0.05);
  }),
);
