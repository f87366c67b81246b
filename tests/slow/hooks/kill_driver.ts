/** Installs into a settings file and removes again, until it is killed. Takes the paths of the file and the ledger. */
import { installHooks, removeHooks } from "../../../src/agents/claude/hooks/actions.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";

const [path = "", ledger = ""] = Deno.args;
const wanted = wantedRegistrations({}, "/opt/perfmon");
console.log("ready");
for (;;) {
  installHooks(path, ledger, wanted);
  removeHooks(path, ledger);
}
