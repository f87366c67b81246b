import { askingOf, moreAsking } from "./asking.ts";
import { heavier, type Heredoc, Level } from "./level.ts";
import { judge, type Work } from "./work.ts";
import { EXPANSION, WordReader } from "./word_reader.ts";

/** The signs, words and commands of a line that are looked at; of what comes behind them nothing is told. */
const FUEL = 700;
/** What a command takes of that. */
const COMMAND_FUEL = 15;
/** How deep constructs may lie in each other. */
const DEPTH = 30;
/** The words of a command that are looked at. */
const WORDS = 40;

/** Commands that assign: what a command in their words prints may be what it was told. */
const ASSIGNING = " export declare typeset local readonly set ";

/** The words that stand before a command without being one. */
const RESERVED = " if then elif else fi while until do done { } ! coproc ";

/**
 * The command that does the work in a line of a shell (bash, zsh), as program and subcommand, `undefined`
 * where it can't be told. Loops, subshells, substitutions, heredocs and the scripts of `bash -c` are looked through.
 */
export function programOfLine(line: string): string | undefined {
  return new ShellLine(line, {
    fuel: FUEL,
    depth: DEPTH,
    asking: "no",
    lineAsking: "no",
  }).list("")?.name;
}

/** One reading of a line, from its begin to its end. */
class ShellLine extends WordReader {
  /** The heredocs whose text begins after the next line end. */
  private heredocs: Heredoc[] = [];

  /** Reads commands up to `close`, or to the end; returns the one that does the work. */
  override list(close: "" | ")" | "`"): Work | undefined {
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
        this.budget.lineAsking = this.budget.asking;
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
    level.isFed ||= sign === "<";
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
      // A carriage return behind the word is part of it, so that only a line with one ends the text.
      const delimiter = this.readWord(level).text + (this.takes("\r") ? "\r" : "");
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
    if (RESERVED.includes(` ${word} `)) {
      level.isLoop = word === "while" || word === "until";
      return true;
    }
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
    if (own !== undefined && this.mayBeAnswer(level, own)) return level.offer(inner);
    if (!isHead) this.noteAsking(level, own);
    level.isAsked ||= own?.name === "read" ||
      inner !== undefined && !isHead && words.length > 0 && doesAssign(own);
    if (own === undefined) return level.offer(inner);
    if (own.readsScript && heredoc !== undefined) heredoc.isScript = true;
    const script = own.script === undefined ? undefined : this.nested(own.script);
    if (script?.name !== undefined) level.offer(script);
    else level.offer(own.isAside && inner !== undefined ? inner : script ?? own);
  }

  /** Whether words may be what a command before them was to read. */
  private mayBeAnswer({ isAsked }: Level, own: Work): boolean {
    if (isAsked && own.mayBeAnswer) return true;
    const { lineAsking } = this.budget;
    return !own.isFamiliar && (lineAsking === "yes" || lineAsking === "maybe" && !own.isRelative);
  }

  /** Remembers for the lines to come whether a command may read them. */
  private noteAsking({ words, link, isFed, isLoop }: Level, own: Work | undefined): void {
    if (isLoop) return; // while read: of a pipe or a file
    const asking = askingOf(words, own?.name, isFed || link === "pipe");
    this.budget.asking = moreAsking(this.budget.asking, asking);
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
      const isBegin = begin === this.at || text[begin - 1] === "\n";
      if (isBegin && (end === text.length || text[end] === "\n")) {
        this.at = Math.min(text.length, end + 1);
        return begin;
      }
      from = found + Math.max(1, delimiter.length);
    }
    this.giveUp();
    return text.length;
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
}

/** Whether a command assigns: one without a program does. */
function doesAssign(work: Work | undefined): boolean {
  return work === undefined || ASSIGNING.includes(` ${work.name} `);
}
