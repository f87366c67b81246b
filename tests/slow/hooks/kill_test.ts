import { removeHooks } from "../../../src/agents/claude/hooks/actions.ts";
import { withHooks } from "../../../src/agents/claude/hooks/claude_settings.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const KILLS = 200;

Deno.test(`killed ${KILLS} times: the settings are the old or the new ones, and nothing piles up`, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  const ledger = `${folder.path}/performance.d/hooks.json`;
  const old = JSON.stringify({ env: { A: "b".repeat(20_000) }, hooks: { Stop: [] } }, null, 4);
  const installed = withHooks(old, wantedRegistrations({}, "/opt/perfmon"));
  Deno.writeTextFileSync(path, old, { mode: 0o640 });
  const seen = new Set<string>();
  for (let i = 0; i < KILLS; i++) {
    await killAfter(i * 0.1, path, ledger);
    const text = Deno.readTextFileSync(path);
    assert(text === old || text === installed, `kill ${i} left ${text.length} characters`);
    seen.add(text);
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o640);
    const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assert(names.length <= 5, names.join(" "));
  }
  assertEquals(seen.size, 2, "the sweep met both states");
  removeHooks(path, ledger);
  assertEquals(Deno.readTextFileSync(path), old);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["settings.json"]);
});

/** Starts the driver and kills it so many milliseconds after it began. */
async function killAfter(milliseconds: number, path: string, ledger: string): Promise<void> {
  const driver = new URL("./kill_driver.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", driver, path, ledger],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
}
