import { judge, type Word, type Work } from "./work.ts";

/** Stands in a word for what only the shell knows: a variable, what a command prints. */
const EXPANSION = "\0";
/** The signs, words and commands of a line that are looked at; of what comes behind them nothing is told. */
const FUEL = 3000;
/** What a command takes of that. */
const COMMAND_FUEL = 30;
/** How deep constructs may lie in each other. */
const DEPTH = 30;
/** The words of a command that are looked at. */
const WORDS = 40;
/** The longest name of a variable, UTF-16 units. */
const NAME_LIMIT = 200;

/** The words that stand before a command without being one. */
const RESERVED = " if then elif else fi while until do done { } ! coproc ";

/** What a nested reading has in common with that around it. */
interface Budget {
  fuel: number;
  depth: number;
}

interface Heredoc {
  readonly delimiter: string;
  readonly isIndented: boolean;
  /** Whether a shell reads it. */
  isScript: boolean;
}

/**
 * The command that does the work in a line of a shell (bash, zsh), as program and subcommand, `undefined`
 * where it can't be told. Loops, subshells, substitutions, heredocs and the scripts of `bash -c` are looked through.
 */
export function programOfLine(line: string): string | undefined {
  return new ShellLine(line, { fuel: FUEL, depth: DEPTH }).list("")?.name;
}

/** How a command follows the one before: by itself, in its pipe, or only where that failed. */
type Link = "next" | "pipe" | "or";

/** The commands of one level: up to the end, or to the sign that closes it. */
class Level {
  words: Word[] = [];
  /** The word that is being read is part of a head, `for x in a b`, and no command's. */
  isHead = false;
  link: Link = "next";
  /** The cases that are open. */
  cases = 0;
  best: Work | undefined;
  /** The heaviest command within the words of the one that is being read. */
  inner: Work | undefined;
  /** The heredoc of the command that is being read. */
  heredoc: Heredoc | undefined;
  private pipe = 0;
  private pipeOfBest = 0;

  /**
   * Takes a command that has been read: the heaviest does the work, of several the last. What is in no
   * table never takes over: a line that answers a prompt, a password, looks like a command.
   */
  offer(work: Work | undefined): void {
    if (work === undefined) return;
    const { best, link } = this;
    if (best !== undefined) {
      if (work.weight < best.weight) return;
      const isBeside = link === "or" || link === "pipe" && this.pipe === this.pipeOfBest;
      const takesOver = isBeside ? work.isFed : work.isKnown;
      if (work.weight === best.weight && !takesOver) return;
    }
    this.best = work;
    this.pipeOfBest = this.pipe;
  }

  /** A command may follow, linked in this way to the one before. */
  follow(link: Link): void {
    if (link !== "pipe") this.pipe++;
    // What follows in a list that goes on where a command failed is beside the point, too.
    if (link !== "pipe" || this.link !== "or") this.link = link;
    this.words = [];
    this.isHead = false;
    this.inner = undefined;
    this.heredoc = undefined;
  }
}

/** One reading of a line, from its begin to its end. */
class ShellLine {
  private at = 0;
  /** Those whose text begins after the next line end. */
  private heredocs: Heredoc[] = [];
  /** Whether a backquote closes what is being read. */
  private isInBackquotes = false;

  constructor(private readonly text: string, private readonly budget: Budget) {}

  /** Reads commands up to `close`, or to the end; returns the one that does the work. */
  list(close: "" | ")" | "`"): Work | undefined {
    const level = new Level();
    if (this.budget.depth-- <= 0) this.giveUp();
    while (this.at < this.text.length && this.budget.fuel-- > 0) {
      const sign = this.text[this.at]!;
      if (sign === close || sign === ")" || sign === "`" && this.isInBackquotes) {
        // One that closes nothing is no shell's: what comes behind it can't be told.
        if (sign === close) this.at++;
        else this.giveUp();
        break;
      }
      this.step(level, sign);
    }
    this.endCommand(level);
    this.budget.depth++;
    return level.best;
  }

  private giveUp(): void {
    this.at = this.text.length;
  }

  private step(level: Level, sign: string): void {
    switch (sign) {
      case " ":
      case "\t":
      case "\r":
        this.at++;
        return;
      case "\n":
        this.at++;
        this.endCommand(level);
        level.follow("next");
        this.skipHeredocs(level);
        return;
      case "#":
        this.skipTo("\n");
        return;
      case ";":
        return this.semicolon(level);
      case "&":
        return this.ampersand(level);
      case "|":
        return this.bar(level);
      case "<":
      case ">":
        return this.redirection(level, sign);
      case "(":
        return this.parenthesis(level);
      default:
        return this.word(level);
    }
  }

  private semicolon(level: Level): void {
    this.at++;
    this.endCommand(level);
    level.follow("next");
    if (level.cases === 0 || !this.takes(";") && !this.takes("&")) return;
    this.takes("&");
    this.skipPattern(level);
  }

  private ampersand(level: Level): void {
    this.at++;
    if (this.text[this.at] === ">") return this.redirection(level, ">");
    this.endCommand(level);
    const isAnd = this.takes("&");
    level.follow(isAnd && level.link === "or" ? "or" : "next");
  }

  private bar(level: Level): void {
    this.at++;
    this.endCommand(level);
    const isOr = this.takes("|");
    if (!isOr) this.takes("&");
    level.follow(isOr ? "or" : "pipe");
  }

  private redirection(level: Level, sign: string): void {
    this.at++;
    if (this.text[this.at] === "(") { // <(…): a command in place of a file
      this.at++;
      level.inner = heavier(level.inner, this.list(")"));
      level.words.push({ text: EXPANSION, isPlain: false, isAssignment: false });
      return;
    }
    const isHeredoc = sign === "<" && this.takes("<");
    if (isHeredoc && !this.takes("<")) {
      const isIndented = this.takes("-");
      this.skipBlanks();
      const { text: delimiter } = this.readWord(level);
      level.heredoc = { delimiter, isIndented, isScript: false };
      this.heredocs.push(level.heredoc);
      return;
    }
    for (const more of [">", "|", "&"]) this.takes(more);
    this.skipBlanks();
    this.readWord(level);
  }

  private parenthesis(level: Level): void {
    const [first] = level.words;
    if (first === undefined) {
      if (this.text[this.at + 1] === "(") return this.skipParentheses(level); // ((arithmetic))
      this.at++;
      level.inner = heavier(level.inner, this.list(")"));
      return;
    }
    this.at++;
    this.skipBlanks();
    // name () { …; }
    if (level.words.length === 1 && this.takes(")")) level.words = [];
    else this.giveUp();
  }

  private word(level: Level): void {
    const begin = this.at;
    const word = this.readWord(level);
    if (this.at === begin) this.at++; // no sign is looked at twice
    // A file descriptor: 2>&1.
    const next = this.text[this.at];
    if ((next === "<" || next === ">") && /^\d+$/.test(word.text)) return;
    const isFirst = level.words.length === 0 && !level.isHead;
    if (isFirst && word.isPlain && this.keyword(level, word.text)) return;
    if (level.words.length < WORDS) level.words.push(word);
  }

  /** Whether a word is one of the shell's own; then what belongs to it is read. */
  private keyword(level: Level, word: string): boolean {
    if (RESERVED.includes(` ${word} `)) return true;
    switch (word) {
      case "for":
      case "select":
        level.isHead = true;
        return true;
      case "function":
        this.skipBlanks();
        this.readWord(level);
        this.skipBlanks();
        if (this.takes("(")) this.takes(")");
        return true;
      case "[[":
        this.skipTest(level);
        return true;
      case "case":
        this.skipSpace();
        this.readWord(level);
        this.skipSpace();
        this.readWord(level); // in
        level.cases++;
        this.skipPattern(level);
        return true;
      case "esac":
        level.cases--;
        return true;
      default:
        return false;
    }
  }

  private endCommand(level: Level): void {
    const { words, inner, isHead, heredoc } = level;
    if (words.length > 0) this.budget.fuel -= COMMAND_FUEL;
    const own = isHead ? undefined : judge(words);
    if (own === undefined) return level.offer(inner);
    if (own.readsScript && heredoc !== undefined) heredoc.isScript = true;
    const script = own.script === undefined ? undefined : this.nested(own.script);
    if (script?.name !== undefined) level.offer(script);
    else level.offer(own.isAside && inner !== undefined ? inner : script ?? own);
  }

  private nested(script: string): Work | undefined {
    return this.budget.depth > 0 ? new ShellLine(script, this.budget).list("") : undefined;
  }

  private skipHeredocs(level: Level): void {
    const { heredocs } = this;
    this.heredocs = [];
    for (const heredoc of heredocs) {
      const begin = this.at;
      const end = this.skipHeredoc(heredoc);
      if (heredoc.isScript) level.offer(this.nested(this.text.slice(begin, end)));
    }
  }

  /** Goes behind the line that ends a heredoc; returns where its text ends. */
  private skipHeredoc({ delimiter, isIndented }: Heredoc): number {
    const { text } = this;
    for (let from = this.at; this.budget.fuel-- > 0;) {
      const found = text.indexOf(delimiter, from);
      if (found < 0) break;
      let begin = found;
      while (isIndented && text[begin - 1] === "\t") begin--;
      const end = found + delimiter.length;
      const next = text[end] ?? "\n";
      const isLine = begin === this.at || text[begin - 1] === "\n";
      if (isLine && "\r\n)".includes(next)) {
        this.at = next === ")" ? end : Math.min(text.length, text.indexOf("\n", end) + 1 || end);
        return begin;
      }
      from = found + Math.max(1, delimiter.length);
    }
    this.giveUp();
    return text.length;
  }

  /** Reads a word, and the commands in it into the level's `inner`. */
  private readWord(level: Level): Word {
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
        const next = this.text[this.at++] ?? EXPANSION;
        return next === "\n" ? "" : next;
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
  private skipParentheses(level: Level): void {
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

  /** Goes behind `[[ … ]]`. */
  private skipTest(level: Level): void {
    while (this.at < this.text.length && this.budget.fuel-- > 0) {
      const begin = this.at;
      if (this.readWord(level).text === "]]") return;
      if (this.at === begin) this.at++;
    }
  }

  /** Goes behind the pattern of a case, or behind `esac`. */
  private skipPattern(level: Level): void {
    this.skipSpace();
    this.takes("(");
    while (this.at < this.text.length && this.budget.fuel-- > 0) {
      if (this.takes(")")) return;
      const begin = this.at;
      const { text, isPlain } = this.readWord(level);
      if (isPlain && text === "esac") {
        level.cases--;
        return;
      }
      if (this.at === begin) this.at++;
    }
  }

  private takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private skipBlanks(): void {
    while (this.takes(" ") || this.takes("\t"));
  }

  private skipSpace(): void {
    while (this.takes(" ") || this.takes("\t") || this.takes("\n") || this.takes("\r"));
  }

  /** Goes to the next of these texts, or to the end. */
  private skipTo(wanted: string): void {
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
/** A variable's name behind its `$`. */
const NAME = /[A-Za-z_]\w*|[\d?!#@*$-]/y;

function heavier(a: Work | undefined, b: Work | undefined): Work | undefined {
  return a === undefined || b !== undefined && b.weight >= a.weight ? b : a;
}
