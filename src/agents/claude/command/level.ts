import type { Word, Work } from "./work.ts";

/** A text that follows the line which a command ends in: `<<EOF`. */
export interface Heredoc {
  readonly delimiter: string;
  readonly isIndented: boolean;
  /** Whether a shell reads it. */
  isScript: boolean;
}

/** How a command follows the one before: by itself, in its pipe, or only where that failed. */
export type Link = "next" | "pipe" | "or";

/** The commands of one level: up to the end, or to the sign that closes it. */
export class Level {
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
  /** The command that is being read has a file or a text for its stdin. */
  isFed = false;
  /** It says how long a loop goes on. */
  isLoop = false;
  /** A command asked for a text, `read`, `X=$(cat)`: words of no table that follow may be that. */
  isAsked = false;
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
    this.isFed = false;
    this.isLoop = false;
  }
}

/** The heavier of two commands, the second where they are alike. */
export function heavier(a: Work | undefined, b: Work | undefined): Work | undefined {
  return a === undefined || b !== undefined && b.weight >= a.weight ? b : a;
}
