import { installedHooks } from "../../../../src/agents/claude/hooks/claude_settings.ts";
import { wantedRegistrations } from "../../../../src/agents/claude/hooks/events.ts";
import {
  PLUGIN_SINCE,
  pluginHooks,
  pluginManifest,
  pluginMarketplace,
} from "../../../../tools/packaging/plugin.ts";
import config from "../../../../deno.json" with { type: "json" };
import { isUpdate } from "../../../kit/snapshot.ts";
import { assertEquals } from "../../../std/std_assert.ts";

const files = {
  "examples/plugin/hooks/hooks.json": pluginHooks(),
  "examples/plugin/.claude-plugin/plugin.json": pluginManifest(config.version),
  ".claude-plugin/marketplace.json": pluginMarketplace(),
};

for (const [name, content] of Object.entries(files)) {
  Deno.test(`${name} is what the code makes`, () => {
    const url = new URL(`../../../../${name}`, import.meta.url);
    const text = JSON.stringify(content, null, 2) + "\n";
    if (isUpdate) Deno.writeTextFileSync(url, text);
    assertEquals(Deno.readTextFileSync(url), text);
  });
}

Deno.test("the plugin has the hooks that install puts in", () => {
  assertEquals(
    installedHooks(JSON.stringify(pluginHooks())),
    wantedRegistrations({ options: { command: true, watch: true }, version: PLUGIN_SINCE }),
  );
});
