/**
 * Appends one row that makes the log rotate, and is killed at a step of it: run by killed_rotation_test.ts as
 * `killed_rotation_child.ts FOLDER NUMBER open|link|rename before|after FILE`, where FILE ends the path that the
 * step is about.
 */
import { io } from "../../../src/files/io.ts";
import { appendRows, logIn, rotating } from "../../kit/numbered_rows.ts";

const [folder = "", number = "", step = "", moment = "", file = ""] = Deno.args;
const original = { ...io };

function dieAt(now: string, name: string, path: string | URL): void {
  if (now === moment && name === step && String(path).endsWith(file)) {
    Deno.kill(Deno.pid, "SIGKILL");
  }
}

io.open = (path, options) => {
  dieAt("before", "open", path);
  const opened = original.open(path, options);
  dieAt("after", "open", path);
  return opened;
};
io.link = (from, to) => {
  dieAt("before", "link", to);
  original.link(from, to);
  dieAt("after", "link", to);
};
io.rename = (from, to) => {
  dieAt("before", "rename", to);
  original.rename(from, to);
  dieAt("after", "rename", to);
};

await appendRows(logIn(folder), Number(number), Number(number), rotating(9, 5));
console.error("The step to die at never came");
