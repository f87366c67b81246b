import {
  afterKey,
  AT_FIRST,
  keysIn,
  keysText,
  type LiveState,
} from "../../../src/commands/top/live_keys.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** The screen's state after keys, with three calls on it. */
function after(keys: string, from: LiveState = AT_FIRST): LiveState {
  return keysIn(keys).reduce((state, key) => afterKey(state, key, 3), from);
}

Deno.test("keys: calls are marked no further than there are, by arrows or letters, and opened", () => {
  assertEquals(after("jj").marked, 1);
  assertEquals(after("\x1b[B\x1b[B\x1b[B\x1b[B\x1bOA").marked, 1);
  assertEquals(after("jjjjjk").marked, 1);
  assertEquals(after("kk").marked, -1);
  assertEquals(after("\r").isOpen, false); // nothing is marked
  assertEquals(after("j\r").isOpen, true);
  assertEquals(after("j\r\x1b").isOpen, false);
});

Deno.test("keys: a filter is typed, mended, used or left; q is a letter of it", () => {
  assertEquals(after("/sqx\x7fl").typed, "sql");
  assertEquals(after("/sql\r").filter, "sql");
  assertEquals(after("/sql\r/\x7f\r").filter, "sq");
  assertEquals(after("/sql\x1b").filter, "");
  assertEquals(after("/q").isClosed, false);
  assertEquals(after("/sql\r\x1b").filter, "");
});

Deno.test("keys: sorting goes round, p pauses and goes on, q ends", () => {
  assertEquals(after("s").sort, "calls");
  assertEquals(after("ssssss").sort, AT_FIRST.sort);
  assertEquals([after("p").isPaused, after("pp").isPaused], [true, false]);
  assertEquals(after("q").isClosed, true);
});

Deno.test("keys: the screen says which there are, and what they have set", () => {
  const said = (keys: string, id?: string): string => keysText(after(keys), id);
  assertEquals(said(""), "q: quit  j/k: move  s: sort  /: filter  p: pause");
  assertEquals(
    said("j/sql\rp", "ygmg2"),
    "q: quit  j/k: move (ygmg2, enter: open)  s: sort  /: filter (sql, esc: all)  p: PAUSED",
  );
  assertEquals(said("/sq"), "filter: sq_  enter: use it  esc: leave it");
});
