/**
 * Tidies the history of a log, and is killed at a step of it: run by killed_merge_test.ts as
 * `killed_merge_child.ts FOLDER STEP`. Steps are the file calls that write, counted from 1. Exits with 0 where
 * there are fewer.
 */
import { io } from "../../../src/files/io.ts";
import { maintainHistory } from "../../../src/log/history/tidy_history.ts";
import { logIn } from "../../kit/numbered_rows.ts";

const [folder = "", step = ""] = Deno.args;
const original = { ...io };
let steps = 0;

/** Between any two calls that write there is a moment to die in. */
function dieIfDue(): void {
  if (++steps === Number(step)) Deno.kill(Deno.pid, "SIGKILL");
}

io.open = (path, options) => {
  if (options?.createNew === true) dieIfDue();
  return original.open(path, options);
};
io.rename = (from, to) => {
  dieIfDue();
  original.rename(from, to);
};
io.remove = (path) => {
  dieIfDue();
  original.remove(path);
};

await maintainHistory(logIn(folder));
