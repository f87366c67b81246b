import { parse } from "../../../src/std/yaml.ts";
import { dashboard, provider } from "../../../src/commands/export/grafana.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** The part of Grafana's provisioning file that matters here. */
interface Provisioning {
  apiVersion: number;
  providers: { type: string; options: { path: string } }[];
}

Deno.test("export grafana: the dashboard as JSON, the provider as YAML, readable to all", async () => {
  using folder = temporaryFolder();
  const output = `${folder.path}/perfmon.json`;
  expectExit(await perfmon(["export", "grafana", "-o", output]), 0);
  assertEquals(JSON.parse(Deno.readTextFileSync(output)), JSON.parse(JSON.stringify(dashboard())));
  assertEquals((Deno.statSync(output).mode ?? 0) & 0o777, 0o644);
  const odd = `${folder.path}/a: "b"`;
  const { stdout } = expectExit(await perfmon(["export", "grafana", "--provider", odd]), 0);
  assertEquals(stdout, provider(odd));
  const { apiVersion, providers: [only, ...others] } = parse(stdout) as Provisioning;
  assertEquals([apiVersion, others, only?.type], [1, [], "file"]);
  assertEquals(only?.options.path, odd);
  const refused = expectExit(await perfmon(["export", "grafana", "--provider", "dashboards"]), 64);
  assert(refused.stderr.includes('Cannot use "dashboards" for --provider'));
});
