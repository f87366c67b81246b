import { clearBefore } from "../../../src/log/clear.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { writeLog } from "../../kit/log_files.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

async function cleared(text: string, before: number): Promise<string> {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, text);
  await clearBefore(resolveLog(file), before);
  return Deno.readTextFileSync(file);
}

Deno.test("clear --before goes by a row's time however it is written", async () => {
  const quoted = (time: number): string => `"${time}.25","0.1","99","Read","end"\n`;
  assertEquals(
    await cleared(quoted(1729876543) + quoted(1729876553), 1729876550),
    quoted(1729876553),
  );
  const [old, recent] = ["1729876543250,1,2,Read,end\n", "1729876553.N,1,2,Read,end\n"];
  assertEquals(await cleared(old + recent, 1729876550), recent);
});

Deno.test("clear --before goes by the time also where it is not the first column", async () => {
  const header = "event,timestamp,tool_name,memory_rss,cpu_percent\n";
  const [old, recent] = ["end,1729876543,Read,7,8\n", "end,1729876553,Read,7,8\n"];
  assertEquals(await cleared(header + old + recent, 1729876550), header + recent);
});

Deno.test("clear --before leaves rows whose time can't be read, wherever they stand", async () => {
  const [old, recent, bad] = ["1729876543,1,2,Read,end\n", "1729876553,1,2,Read,end\n", "?,x\n"];
  assertEquals(await cleared(bad + bad, 1729876550), bad + bad);
  assertEquals(await cleared(bad + old + bad + recent, 1729876550), bad + bad + recent);
});
