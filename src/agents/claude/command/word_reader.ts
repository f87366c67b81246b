import type { Asking } from "./asking.ts";
import { heavier, type Level } from "./level.ts";
import type { Word, Work } from "./work.ts";

/** Stands in a word for what only the shell knows: a variable, what a command prints. */
export const EXPANSION = "\0";
/** The longest name of a variable, UTF-16 units. */
const NAME_LIMIT = 200;

/** What a nested reading has in common with that around it. */
export interface Budget {
  /** The steps that are left. */
  fuel: number;
  /** How much deeper it may go. */
  depth: number;
  /** Whether what was read so far may read the lines behind it; and whether what is being read may be such a line. */
  asking: Asking;
  lineAsking: Asking;
}

/** Reads the words of a shell's line, one after the other; what is in them, quoted or expanded, too. */
export abstract class WordReader {
  protected at = 0;
  /** Whether a backquote closes what is being read. */
  protected isInBackquotes = false;

  constructor(protected readonly text: string, protected readonly budget: Budget) {}

  /** Reads commands up to `close`, or to the end; returns the one that does the work. */
  abstract list(close: "" | ")" | "`"): Work | undefined;

  /** Reads a word, and the commands in it into the level's `inner`. */
  protected readWord(level: Level): Word {
    const { text } = this;
    let read = "";
    let isPlain = true;
    let isAssignment = false;
    while (this.budget.fuel-- > 0) {
      const begin = this.at;
      const sign = this.nextSign(IN_WORD);
      read += text.slice(begin, this.at);
      if (sign === "=") {
        // NAME=, NAME+=, NAME[1]=: only where nothing of it is quoted.
        isAssignment ||= isPlain && read.length < NAME_LIMIT &&
          /^[A-Za-z_]\w*(\[[^\]]*\])?\+?$/.test(read);
        read += sign;
        this.at++;
        if (text[this.at] === "(") this.skipParentheses(level);
      } else if (sign === "(" && read !== "" && "?*+@!".includes(text[this.at - 1]!)) {
        this.skipParentheses(level); // a pattern of bash: !(a|b)
        read += EXPANSION;
      } else if (sign === "'" || sign === '"' || sign === "\\" || sign === "$" || sign === "`") {
        if (sign === "`" && this.isInBackquotes) return { text: read, isPlain, isAssignment };
        isPlain = false;
        read += this.readQuoted(level, sign);
      } else return { text: read, isPlain, isAssignment };
    }
    return { text: EXPANSION, isPlain: false, isAssignment: false }; // it was not read to its end
  }

  /** Reads what begins with one of `'"\$` or a backquote; returns what it stands for. */
  private readQuoted(level: Level, sign: string): string {
    this.at++;
    switch (sign) {
      case "'": {
        const begin = this.at;
        this.skipTo("'");
        return this.closed(begin);
      }
      case '"':
        return this.readDoubleQuoted(level);
      case "\\": {
        // A line that goes on, also where a blank slipped in behind the sign.
        LINE_END.lastIndex = this.at;
        if (LINE_END.test(this.text)) {
          this.at = LINE_END.lastIndex;
          return "";
        }
        return this.text[this.at++] ?? EXPANSION;
      }
      case "$":
        return this.readExpansion(level, false);
      default:
        return this.readBackquoted(level);
    }
  }

  /** The text since `begin`, and behind the quote that closes it; an expansion where none does. */
  private closed(begin: number): string {
    return this.at < this.text.length ? this.text.slice(begin, this.at++) : EXPANSION;
  }

  private readDoubleQuoted(level: Level): string {
    let read = "";
    while (this.budget.fuel-- > 0) {
      const begin = this.at;
      const sign = this.nextSign(IN_DOUBLE_QUOTES);
      read += this.text.slice(begin, this.at++);
      if (sign === '"') return read;
      if (sign === "\\") {
        const next = this.text[this.at++] ?? "";
        if (next !== "\n") read += '"\\$`'.includes(next) ? next : `\\${next}`;
      } else if (sign === "$") read += this.readExpansion(level, true);
      else if (sign === "`") read += this.readBackquoted(level);
      else break;
    }
    this.giveUp();
    return EXPANSION;
  }

  private readBackquoted(level: Level): string {
    if (this.isInBackquotes) {
      this.giveUp();
      return EXPANSION;
    }
    this.isInBackquotes = true;
    level.inner = heavier(level.inner, this.list("`"));
    this.isInBackquotes = false;
    return EXPANSION;
  }

  /** Reads what stands behind a `$`. */
  private readExpansion(level: Level, isInQuotes: boolean): string {
    const { text } = this;
    switch (text[this.at]) {
      case "(":
        if (text[this.at + 1] === "(") this.skipParentheses(level);
        else {
          this.at++;
          level.inner = heavier(level.inner, this.list(")"));
        }
        return EXPANSION;
      case "{":
        this.skipBraces(level, isInQuotes);
        return EXPANSION;
      case "'":
        if (!isInQuotes) this.skipEscaped();
        return EXPANSION;
      case '"':
        return isInQuotes ? "$" : "";
      default:
        NAME.lastIndex = this.at;
        if (!NAME.test(text)) return "$";
        this.at = NAME.lastIndex;
        return EXPANSION;
    }
  }

  /** Goes behind `$'…'`. */
  private skipEscaped(): void {
    this.at++;
    while (this.budget.fuel-- > 0) {
      const sign = this.nextSign(IN_ESCAPED);
      this.at++;
      if (sign === "'") return;
      if (sign !== "\\") break;
      this.at++;
    }
    this.giveUp();
  }

  /** Goes behind `{…}` of an expansion. */
  private skipBraces(level: Level, isInQuotes: boolean): void {
    this.at++;
    if (this.budget.depth-- <= 0) this.giveUp();
    while (this.at < this.text.length && this.budget.fuel-- > 0) {
      const sign = this.nextSign(IN_BRACES);
      if (sign === "}") {
        this.at++;
        break;
      }
      if (sign === undefined) this.giveUp();
      else if (sign === "'" && isInQuotes) this.at++;
      else this.readQuoted(level, sign);
    }
    this.budget.depth++;
  }

  /** Goes behind `(…)` that holds no commands: arithmetic, the values of an array, a pattern. */
  protected skipParentheses(level: Level): void {
    let depth = 0;
    while (this.budget.fuel-- > 0) {
      const sign = this.nextSign(IN_PARENTHESES);
      if (sign === "(") depth++;
      else if (sign === ")") depth--;
      else if (sign === undefined) break;
      else {
        this.readQuoted(level, sign);
        continue;
      }
      this.at++;
      if (depth === 0) return;
    }
    this.giveUp();
  }

  protected giveUp(): void {
    this.at = this.text.length;
  }

  protected takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  protected skipBlanks(): void {
    while (this.takes(" ") || this.takes("\t"));
  }

  protected skipSpace(): void {
    while (this.takes(" ") || this.takes("\t") || this.takes("\n") || this.takes("\r"));
  }

  /** Goes to the next of these texts, or to the end. */
  protected skipTo(wanted: string): void {
    const found = this.text.indexOf(wanted, this.at);
    this.at = found < 0 ? this.text.length : found;
  }

  /** Goes to the next sign of a set, or to the end; returns the sign. */
  private nextSign(signs: RegExp): string | undefined {
    signs.lastIndex = this.at;
    this.at = signs.test(this.text) ? signs.lastIndex - 1 : this.text.length;
    return this.text[this.at];
  }
}

/* The signs that mean something, by where they stand. */
const IN_WORD = /[ \t\r\n;&|<>()'"\\$`=]/g;
const IN_DOUBLE_QUOTES = /["\\$`]/g;
const IN_BRACES = /[}'"\\$`]/g;
const IN_PARENTHESES = /[()'"\\$`]/g;
const IN_ESCAPED = /['\\]/g;
/** The rest of a line that has nothing more on it. */
const LINE_END = /[ \t\r]{0,100}\n/y;
/** A variable's name behind its `$`. */
const NAME = /[A-Za-z_]\w*|[\d?!#@*$-]/y;
