/**
 * `perfmon hooks install` and `remove` are killed at moments that sweep over both, and the settings are
 * the old or the new ones, whole: `deno run -A tests/campaigns/killed_installs.ts [KILLS]`.
 */
import { removeHooks } from "../../src/agents/claude/hooks/actions.ts";
import { withHooks } from "../../src/agents/claude/hooks/claude_settings.ts";
import { wantedRegistrations } from "../../src/agents/claude/hooks/events.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";

async function killInstalls(kills: number): Promise<string> {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  const ledger = `${folder.path}/performance.d/hooks.json`;
  const old = JSON.stringify({ env: { A: "b".repeat(20_000) }, hooks: { Stop: [] } }, null, 4);
  const installed = withHooks(old, wantedRegistrations({ program: "/opt/perfmon" }));
  Deno.writeTextFileSync(path, old, { mode: 0o640 });
  const met = { old: 0, installed: 0 };
  for (let kill = 0; kill < kills; kill++) {
    await killAfter(kill / kills, path, ledger);
    const text = Deno.readTextFileSync(path);
    assert(text === old || text === installed, `kill ${kill} left ${text.length} characters`);
    met[text === old ? "old" : "installed"]++;
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o640);
    const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assert(names.length <= 5, names.join(" "));
  }
  if (kills >= 100) assert(met.old > 0 && met.installed > 0, "the sweep met both states");
  removeHooks(path, ledger);
  assertEquals(Deno.readTextFileSync(path), old);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["settings.json"]);
  return `${kills} kills left the old settings ${met.old} times, the new ones ${met.installed} times, ` +
    "and nothing else in the end";
}

/** Starts the child and kills it after that part of an install and a removal. */
async function killAfter(part: number, path: string, ledger: string): Promise<void> {
  const script = `${import.meta.dirname}/killed_installs_child.ts`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", script, path, ledger],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const milliseconds = part * Number(new TextDecoder().decode(value));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
}

export const campaigns: Record<string, Campaign> = {
  killed_installs: { usual: 200, run: killInstalls },
};

if (import.meta.main) await runByHand(campaigns);
