/** What a reader has chosen; all of it stands in the URL's fragment. */
export interface State {
  /** A tool, or an MCP server. */
  readonly tool?: string | undefined;
  /** Which command it was: `npm test`. */
  readonly command?: string | undefined;
  readonly project?: string | undefined;
  /** A session's id. */
  readonly session?: string | undefined;
  /** A version of Claude Code. */
  readonly version?: string | undefined;
  /** How calls ended. */
  readonly status?: string | undefined;
  /** Words, each somewhere in what is said of a call. */
  readonly search?: string | undefined;
  /** Seconds since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** What the table has a line for each of, as `report --by`. */
  readonly by?: string | undefined;
  /** The column that the table goes by, as `report --sort` has it; with `-` before it the other way round. */
  readonly sort?: string | undefined;
  /** All columns of the table. */
  readonly wide?: boolean | undefined;
  /** The session whose memory and CPU are shown. */
  readonly chart?: string | undefined;
  /** The column that the calls are in the order of; with `-` before it the other way round. */
  readonly rank?: string | undefined;
  /** Place of the call whose details are shown. */
  readonly call?: number | undefined;
}

/** What leaves calls out wherever they are in time. */
export const FILTERS = [
  ...["tool", "command", "project", "session", "version", "status", "search"] as const,
] as const;
const TEXTS = [...FILTERS, "by", "sort", "chart", "rank"] as const;
const NUMBERS = ["from", "to", "call"] as const;

/** The state that a fragment (with its `#`) says; what it can't be is left out. */
export function parseState(fragment: string): State {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const state: Record<string, string | number | boolean> = {};
  for (const name of TEXTS) {
    const value = given.get(name);
    if (value !== null && value !== "") state[name] = value;
  }
  for (const name of NUMBERS) {
    const value = Number(given.get(name) || NaN);
    if (Number.isFinite(value)) state[name] = value;
  }
  if (given.get("wide") === "1") state["wide"] = true;
  return state;
}

/** The fragment, with its `#`, that says this state. */
export function formatState(state: State): string {
  const said = new URLSearchParams();
  for (const name of [...TEXTS, ...NUMBERS]) {
    const value = state[name];
    if (value !== undefined) said.set(name, String(value));
  }
  if (state.wide === true) said.set("wide", "1");
  return `#${said}`;
}

/** The section that a link's fragment leads to. */
export function targetOf(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("at") ?? undefined;
}

/** Whether something is left out of the whole. */
export function isFiltered(state: State): boolean {
  return ([...FILTERS, "from", "to"] as const).some((name) => state[name] !== undefined);
}
