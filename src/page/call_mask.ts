import type { CallColumns } from "../calls/call_columns.ts";
import { STATUSES } from "../calls/call_state.ts";
import {
  AGENT_TYPE,
  CLIENT_VERSION,
  COMMAND,
  PROJECT,
  SESSION_ID,
  TOOL_NAME,
} from "../row/row_view.ts";
import type { PageColumns } from "./data/page_columns.ts";
import type { State } from "./state.ts";

/** For each call whether it is one that a state asks for, but for its time: 1 or 0. `groupOfTool` as in the model. */
export function callMask(
  page: PageColumns,
  groupOfTool: readonly string[],
  state: State,
): Uint8Array {
  const { tool, command, project, session, version, status, search } = state;
  const mask = new Uint8Array(page.size).fill(1);
  if (tool !== undefined) {
    keepTexts(
      mask,
      page,
      TOOL_NAME,
      (name, number) => name === tool || groupOfTool[number - 1] === tool,
    );
  }
  for (
    const [place, wanted] of [
      [COMMAND, command],
      [PROJECT, project],
      [SESSION_ID, session],
      [CLIENT_VERSION, version],
    ] as const
  ) {
    if (wanted !== undefined) keepTexts(mask, page, place, (text) => text === wanted);
  }
  if (status !== undefined) {
    const wanted = STATUSES.findIndex((each) => each === status);
    keep(mask, page.status, (number) => number === wanted, STATUSES.length);
  }
  for (const word of search?.toLowerCase().split(/\s+/) ?? []) keepFound(mask, page, word);
  return mask;
}

/** Leaves out calls whose text, at a place in a row, is not wanted. */
function keepTexts(
  mask: Uint8Array,
  columns: CallColumns,
  place: number,
  isWanted: (text: string | undefined, number: number) => boolean,
): void {
  const { numbers, names } = columns.texts(place);
  keep(mask, numbers, (number) => isWanted(names.text(number), number), names.size + 1);
}

function keep(
  mask: Uint8Array,
  numbers: ArrayLike<number>,
  isWanted: (number: number) => boolean,
  count: number,
): void {
  const wanted = Uint8Array.from({ length: count }, (_, number) => Number(isWanted(number)));
  for (let call = 0; call < mask.length; call++) mask[call]! &= wanted[numbers[call]!]!;
}

/** Where a word is looked for, besides a call's status and its parameters. */
const SEARCHED = [TOOL_NAME, COMMAND, PROJECT, SESSION_ID, AGENT_TYPE];

/** Leaves out calls of which nothing has a word in it. */
function keepFound(mask: Uint8Array, page: PageColumns, word: string): void {
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(word) === true;
  const found = new Uint8Array(mask.length);
  const add = (numbers: ArrayLike<number>, texts: readonly (string | undefined)[]): void => {
    const isFound = Uint8Array.from(texts, (text) => Number(has(text)));
    for (let call = 0; call < found.length; call++) found[call]! |= isFound[numbers[call]!]!;
  };
  add(page.status, STATUSES);
  for (const place of SEARCHED) {
    const { numbers, names } = page.texts(place);
    add(numbers, Array.from({ length: names.size + 1 }, (_, number) => names.text(number)));
  }
  for (const [call, params] of Object.entries(page.head.params)) {
    if (has(params)) found[Number(call)] = 1;
  }
  for (let call = 0; call < mask.length; call++) mask[call]! &= found[call]!;
}
