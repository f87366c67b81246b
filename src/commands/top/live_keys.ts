import { SORT_NAMES } from "../../summary/report_columns.ts";

/** What a person has set on the screen. */
export interface LiveState {
  /** The place of the call that is marked, among those that run and those that ended; −1 for none. */
  readonly marked: number;
  /** Whether the marked call fills the screen. */
  readonly isOpen: boolean;
  readonly isPaused: boolean;
  /** The column that tools are sorted by. */
  readonly sort: string;
  /** What calls have in their names; empty for all. */
  readonly filter: string;
  /** The filter while it is typed. */
  readonly typed: string | undefined;
  readonly isClosed: boolean;
}

export const AT_FIRST: LiveState = {
  marked: -1,
  isOpen: false,
  isPaused: false,
  sort: "total",
  filter: "",
  typed: undefined,
  isClosed: false,
};

/** The columns of the tools' table that `s` goes through. */
const SORTS = ["total", "calls", "fail", "p95", "max", "cpu"].filter((each) =>
  SORT_NAMES.includes(each)
);

/** The keys in what a terminal sends at once: arrows are sequences of three characters. */
export function keysIn(text: string): string[] {
  // deno-lint-ignore no-control-regex -- what terminals send for keys
  return text.match(/\x1b[[O][A-D]|[\s\S]/gu) ?? [];
}

/** What the screen is after a key; `count`: the calls that can be marked. */
export function afterKey(state: LiveState, key: string, count: number): LiveState {
  if (state.typed !== undefined) return afterTyping({ ...state, typed: state.typed }, key);
  const marked = (place: number): LiveState => ({
    ...state,
    marked: Math.max(-1, Math.min(count - 1, place)),
  });
  switch (key) {
    case "q":
    case "Q":
      return { ...state, isClosed: true };
    case "\x1b[A":
    case "\x1bOA":
    case "k":
      return marked(state.marked - 1);
    case "\x1b[B":
    case "\x1bOB":
    case "j":
      return marked(state.marked + 1);
    case "\r":
    case "\n":
      return { ...state, isOpen: !state.isOpen && state.marked >= 0 };
    case "\x1b":
      return state.isOpen ? { ...state, isOpen: false } : { ...state, filter: "", marked: -1 };
    case "s":
      return { ...state, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length]! };
    case "p":
    case " ":
      return { ...state, isPaused: !state.isPaused };
    case "/":
      return { ...state, isOpen: false, typed: state.filter };
    default:
      return state;
  }
}

function afterTyping(state: LiveState & { readonly typed: string }, key: string): LiveState {
  switch (key) {
    case "\r":
    case "\n":
      return { ...state, filter: state.typed, typed: undefined, marked: -1 };
    case "\x1b":
      return { ...state, typed: undefined };
    case "\x7f":
    case "\b":
      return { ...state, typed: state.typed.slice(0, -1) };
    default:
      return /^[^\p{C}]$/u.test(key) ? { ...state, typed: state.typed + key } : state;
  }
}

/** The line of keys, those that matter most first; on a narrow screen the last ones have no room. */
export function keysText(
  { sort, filter, typed, isPaused, isOpen }: LiveState,
  id?: string,
): string {
  if (typed !== undefined) return `filter: ${typed}_  enter: use it  esc: leave it`;
  if (isOpen) return "q: quit  esc: back  j/k: another call";
  return [
    "q: quit",
    `j/k: move${id === undefined ? "" : ` (${id}, enter: open)`}`,
    `s: sort${sort === AT_FIRST.sort ? "" : ` (${sort})`}`,
    `/: filter${filter === "" ? "" : ` (${filter}, esc: all)`}`,
    isPaused ? "p: PAUSED" : "p: pause",
  ].join("  ");
}
