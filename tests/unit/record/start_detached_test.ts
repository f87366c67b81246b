import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";
import { startDetached } from "../../../src/record/start_detached.ts";

/** Tells in a file its session, its streams, its environment and its arguments. */
const SCRIPT = `
told=$(
  cut -d " " -f 6 /proc/$$/stat
  echo $$
  for stream in 0 1 2; do readlink /proc/$$/fd/$stream; done
  tr "\\0" "\\n" </proc/$$/environ
  echo "$1" "$2"
)
echo "$told" >"$0.new"
mv "$0.new" "$0"
`;

testWith(
  [procfs, "sh", "cut", "readlink", "tr", "mv"],
  "what is started has a session of its own, no stream and no variable of this process, and its arguments",
  async () => {
    using folder = temporaryFolder();
    const told = `${folder.path}/told`;
    startDetached("/bin/sh", ["-c", SCRIPT, told, "a  b", "é"]);
    await waitFor(
      () => [...Deno.readDirSync(folder.path)].some(({ name }) => name === "told"),
      told,
    );
    const [session, pid, ...others] = Deno.readTextFileSync(told).split("\n");
    assertEquals(session, pid);
    assertEquals(others, ["/dev/null", "/dev/null", "/dev/null", "HOME=/", "a  b é", ""]);
  },
);
