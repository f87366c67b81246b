import { printable } from "./printable.ts";
import { PLAIN, type Tone } from "./style.ts";

/** One column of a table. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
  /** Whether the cells are text, aligned left, and not figures, aligned right. */
  readonly isText?: boolean;
  /** What a cell is about, to be shown by colour, too. */
  readonly tone?: (row: Row) => Tone | undefined;
  /** The number of characters that a cell may be shortened to; a column without it is never shortened. */
  readonly least?: number;
  /**
   * The rank by which the column is left out of a table that is too wide, the highest first;
   * without it never.
   */
  readonly drop?: number;
}

/** A table as text. */
export interface TextTable {
  /** The header's line, then one line a row, none longer than the width asked for if that is possible. */
  readonly lines: string[];
  /** Headers of the columns that had no room. */
  readonly dropped: string[];
  /** The number of the terminal's columns that the table would need with nothing left out. */
  readonly fullWidth: number;
  /** Whether cells had to be shortened further than their columns say, or even that was not enough. */
  readonly isCramped: boolean;
}

const GAP = "  ";
/** The number of characters that a cell which may be shortened is cut to where nothing is left to be left out. */
const LEAST_OF_ALL = 5;

/**
 * Lays out rows in columns within `width` characters: first the widest text column is shortened, then
 * columns are left out by their rank, then text columns are shortened further. No line ends in blanks.
 */
export function layOut<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  style = PLAIN,
): TextTable {
  const cells = columns.map((column) => [
    column.header,
    ...rows.map((row) => printable(column.cell(row))),
  ]);
  // Not Math.max(...widths): a call has room for some 100,000 arguments.
  const natural = cells.map((texts) =>
    texts.reduce((widest, text) => Math.max(widest, textWidth(text)), 0)
  );
  const kept = columns.map((_, index) => index);
  let widths = shorten(columns, kept, natural, width);
  while (lineWidth(widths) > width) {
    const next = kept.filter((index) => columns[index]?.drop !== undefined)
      .sort((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0))[0];
    if (next === undefined) break;
    kept.splice(kept.indexOf(next), 1);
    widths = shorten(columns, kept, natural, width);
  }
  const isCramped = lineWidth(widths) > width;
  if (isCramped) widths = shorten(columns, kept, natural, width, LEAST_OF_ALL);
  const lines = Array.from({ length: rows.length + 1 }, (_, line) =>
    kept.map((index, place) => {
      const { tone, isText } = columns[index]!;
      const text = clip(cells[index]?.[line] ?? "", widths[place] ?? 0);
      const about = line === 0 ? undefined : tone?.(rows[line - 1]!);
      return pad(about === undefined ? text : style[about](text), widths[place] ?? 0, isText);
    }).join(GAP).trimEnd());
  return {
    lines,
    dropped: columns.filter((_, index) => !kept.includes(index)).map((column) => column.header),
    fullWidth: lineWidth(natural),
    isCramped,
  };
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((total, each) => total + each, 0) + GAP.length * (widths.length - 1);
}

/** The widths of the kept columns, text columns shortened (the widest first) as far as they may be. */
function shorten<Row>(
  columns: readonly Column<Row>[],
  kept: readonly number[],
  natural: readonly number[],
  width: number,
  most = Infinity,
): number[] {
  const widths = kept.map((index) => natural[index] ?? 0);
  const least = kept.map((index) => {
    const own = columns[index]?.least;
    return own === undefined ? Infinity : Math.min(own, most);
  });
  for (let excess = lineWidth(widths) - width; excess > 0; excess--) {
    let widest = -1;
    widths.forEach((each, place) => {
      if (each > (least[place] ?? 0) && each > (widths[widest] ?? 0)) widest = place;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function pad(text: string, width: number, isText = false): string {
  const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
  return isText ? text + blanks : blanks + text;
}

/** A text cut to at most `width` columns of a terminal, with `…` at its end where it was longer. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += textWidth(character);
    if (used > width) break;
    kept += character;
  }
  return kept + "…";
}

/** East Asian Width W and F (Unicode Standard Annex 11), by block, and emoji. */
const WIDE =
  /(?![\u{1f1e6}-\u{1f1ff}])[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d7f}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/gu;
const NARROWEST = /[\p{M}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/gu;
/** Texts of Latin letters and perfmon's own signs, one column each: to compile the two above takes 2 ms. */
const ORDINARY =
  // deno-lint-ignore no-control-regex -- the range of ASCII
  /^[\x00-\xac\xae-\u02af\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2264\u2500-\u259f]*$/;

/**
 * The number of a terminal's columns that a text takes: East Asian characters and emoji two,
 * combining marks none.
 */
export function textWidth(text: string): number {
  // deno-lint-ignore no-control-regex -- what a Style writes
  if (text.includes("\x1b")) return textWidth(text.replace(/\x1b\[\d+m/g, ""));
  if (ORDINARY.test(text)) return text.length;
  const characters = text.replace(NARROWEST, "");
  return [...characters].length + (characters.match(WIDE)?.length ?? 0);
}

/** A blank that no line is broken at. */
export const NO_BREAK = "\u00a0";

/**
 * A text broken at blanks into lines of at most `width`, all but the first indented; a command that it quotes
 * is not broken, so that it can be copied. `NO_BREAK` comes out as a blank at which it was not broken, either.
 */
export function wrap(text: string, width: number, indent: string): string[] {
  const whole = text.replace(/"perfmon [^"]*"/g, (quoted) => quoted.replaceAll(" ", NO_BREAK));
  const lines = breakAtBlanks(whole, width, indent);
  return whole.includes(NO_BREAK) ? lines.map((line) => line.replaceAll(NO_BREAK, " ")) : lines;
}

function breakAtBlanks(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A text's lines behind its label, which takes so many columns. */
export function labelled(label: string, lines: readonly string[], columns: number): string[] {
  return lines.map((line, index) => ((index === 0 ? label : "").padEnd(columns) + line).trimEnd());
}

/**
 * A line with a hint at the right end of 80 columns, which is left out where there is no room; what
 * is too long is broken.
 */
export function withHint(
  text: string,
  hint: string | undefined,
  width: number,
  indent: number,
): string[] {
  if (hint !== undefined) {
    const blanks = Math.max(2, Math.min(width, 80) - textWidth(text) - textWidth(hint));
    const line = text + " ".repeat(blanks) + hint;
    if (textWidth(line) <= width) return [line];
  }
  if (textWidth(text) <= width) return [text];
  const [first = "", ...rest] = wrap(text.slice(indent), width - indent, "");
  return [text.slice(0, indent) + first, ...rest.map((line) => " ".repeat(indent) + line)];
}

const STAND_INS: Readonly<Record<string, string>> = {
  "–": "-",
  "†": "+",
  "‡": "#",
  "§": "=",
  "…": ".",
  "→": ">",
  "±": "~",
  "°": "*",
  "≤": "<",
  "▁": "_",
  "▂": ".",
  "▃": "-",
  "▄": "~",
  "▅": "=",
  "▆": "+",
  "▇": "*",
  "█": "#",
  "▓": "=",
  "▞": "%",
  "▒": "+",
  "░": ".",
};

/**
 * A text for a terminal without UTF-8: perfmon's own signs become ASCII ones, other characters `?`,
 * all as wide as they were.
 */
export function toAscii(text: string): string {
  // deno-lint-ignore no-control-regex -- the range of ASCII
  return text.replace(/[^\x00-\x7f]/gu, (sign) => STAND_INS[sign] ?? "?".repeat(textWidth(sign)));
}
