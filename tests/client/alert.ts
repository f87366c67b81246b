/**
 * An alert in the real Claude Code: two slow calls and a quick one, with the installed hooks and an
 * alert of 1 s. Run it with `deno run -A tests/client/alert.ts CLAUDE`, the path of a client; it prints
 * what the client showed to the person. Exit status 0 where that is the alert, once, and the model saw
 * none of it.
 */
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { installHooks, runSession } from "./stand_in.ts";

const CALLS = ["sleep 2", "sleep 1.5", "true"].map((command) => ({
  name: "Bash",
  input: { command },
}));

async function main(client: string): Promise<number> {
  using home = temporaryFolder();
  await installHooks(binary, home.path, "--alert-duration", "1s");
  const { code, events, requests } = await runSession(client, home.path, CALLS);
  const modelSaw = requests.some((text) => text.includes("perfmon: Bash took"));
  const shown = events.flatMap(({ type, subtype, content }) =>
    type === "system" && subtype === "informational" ? [String(content)] : []
  );
  console.log(shown.join("\n"));
  console.log(`The client ended with ${code}; the model saw ${modelSaw ? "the alert" : "nothing"}`);
  const isRight = shown.length === 1 && /perfmon: Bash took 2\.\ds/.test(shown[0] ?? "");
  return code === 0 && isRight && !modelSaw ? 0 : 1;
}

if (import.meta.main) {
  const [client] = Deno.args;
  if (client === undefined) console.error("usage: deno run -A tests/client/alert.ts CLAUDE");
  Deno.exit(client === undefined ? 64 : await main(client));
}
