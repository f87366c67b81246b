/**
 * Installs into a settings file and removes again, until it is killed: run by killed_installs.ts with the
 * paths of the file and the ledger. Prints how many milliseconds the first time took, both together.
 */
import { installHooks, removeHooks } from "../../src/agents/claude/hooks/actions.ts";
import { wantedRegistrations } from "../../src/agents/claude/hooks/events.ts";

const [path = "", ledger = ""] = Deno.args;
const wanted = wantedRegistrations({ program: "/opt/perfmon" });
const before = performance.now();
installAndRemove();
console.log(performance.now() - before);
for (;;) installAndRemove();

function installAndRemove(): void {
  installHooks(path, ledger, wanted);
  removeHooks(path, ledger);
}
