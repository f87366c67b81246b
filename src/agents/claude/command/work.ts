import {
  ASIDE,
  FILTERS,
  HELPERS,
  IDLE,
  KNOWN,
  LIGHT,
  LONG_SUBCOMMANDS,
  type Options,
  RUNNERS,
  SHELLS,
  SIGNS,
  SUBCOMMANDS,
  WITHOUT_OPTIONS,
  WRAPPERS,
} from "./programs.ts";

/** A word of a command. */
export interface Word {
  /** Without its quotes; NUL for what only the shell knows. */
  readonly text: string;
  /** Whether it stands there as it is: nothing of it is quoted, nothing expands. */
  readonly isPlain: boolean;
  readonly isAssignment: boolean;
}

/** What a command does, and how much of a line's work that is. */
export interface Work {
  /** Program and subcommand; `undefined` where it can't be told. */
  readonly name: string | undefined;
  /** The heaviest command of a line is the one that does the work. */
  readonly weight: number;
  /** Whether its program is known for work. */
  readonly isKnown: boolean;
  /** Whether it does nothing itself, so that a command in its arguments is what counts. */
  readonly isAside: boolean;
  /** Whether another command of its pipe finds its arguments (xargs). */
  readonly isFed: boolean;
  /** What a shell is given to do. */
  readonly script: string | undefined;
  /** Whether a shell reads what it is to do. */
  readonly readsScript: boolean;
  /** Whether it may be no command, but an answer that one before it asked for: words of no table. */
  readonly mayBeAnswer: boolean;
  /** Whether its program stands in a table. */
  readonly isFamiliar: boolean;
  /** Whether its program is named by a path as only programs are, `./deploy.sh`. */
  readonly isRelative: boolean;
}

/* Weights: nothing but the shell's own state; a word to the reader; work on text and files; what may be
 * work; what is. */
const WEIGHT = { idle: 0, aside: 1, filter: 2, unknown: 3, known: 4 };

/** How many wrappers may stand around each other. */
const WRAPPED = 12;

/** A program's path, or a package's name with a scope, `@angular/cli@17`. */
const PATH = /^@?[\w./~+-]+(?:@[\w.^~-]+)?$/;
/** The same where its end is in a table: a variable may stand before that. */
const FAMILIAR_PATH = /^[\w./~+@\0-]+$/;
/** A path that says itself that it is one, and can't be a key with a slash in it. */
const ROOTED = /^(?:~|\.{0,2}|\0)\//;

/** Such a path that no key looks like. */
const RELATIVE = /^(?:~|\.{1,2})\//;

/** What a subcommand may look like. */
const SUBCOMMAND = /^[a-z][a-z0-9:-]{0,23}$/;

/** Says what a command does by its words; `undefined` where these only assign. Tells no word but those of a name. */
export function judge(words: readonly Word[]): Work | undefined {
  let isFed = false;
  let at = 0;
  while (words[at]?.isAssignment === true) at++;
  let program: string | undefined;
  for (let wrappers = 0; wrappers < WRAPPED; wrappers++) {
    const word = words[at];
    if (word === undefined) return undefined;
    program = programOf(word);
    if (program === undefined) break;
    const wrapped = wrappedBy(program, words, at);
    if (wrapped === undefined) break;
    isFed ||= program === "xargs";
    at = wrapped;
  }
  if (program !== undefined && isBehindEmpty(program, words, at)) program = undefined;
  return workOf(program, words, at, isFed);
}

/** Whether a program is rather the value that was to be given to what stands before it: `PASSWORD= x`. */
function isBehindEmpty(program: string, words: readonly Word[], at: number): boolean {
  return words[at - 1]?.text.endsWith("=") === true && !isFamiliar(program) &&
    !ROOTED.test(words[at]!.text);
}

function workOf(
  program: string | undefined,
  words: readonly Word[],
  at: number,
  isFed: boolean,
): Work {
  const script = program === undefined ? undefined : scriptOf(program, words, at);
  const subcommand = program === undefined ? "" : subcommandOf(program, words, at);
  const weight = weightOf(program, subcommand, words, at);
  return {
    name: program === undefined ? undefined : program + subcommand,
    weight: isFed ? WEIGHT.known : weight,
    isKnown: weight !== WEIGHT.unknown,
    isAside: weight <= WEIGHT.aside,
    isFed,
    script,
    readsScript: program !== undefined && has(SHELLS, program) && words.length === at + 1,
    mayBeAnswer: weight === WEIGHT.unknown && (program === undefined || !isFamiliar(program)) &&
      words.every(({ text, isPlain }) => isPlain && !text.startsWith("-")),
    isFamiliar: program !== undefined && isFamiliar(program),
    isRelative: RELATIVE.test(words[at]!.text),
  };
}

/** Whether a list of words, each between blanks, has one. */
function has(list: string, word: string): boolean {
  return list.includes(` ${word} `);
}

/**
 * The program that a word names, by the last part of its path; `undefined` where it may be something else: a URL, a
 * header, a script, an assignment that is quoted.
 */
function programOf({ text, isPlain, isAssignment }: Word): string | undefined {
  if (isAssignment) return undefined;
  const sign = get(SIGNS, text);
  if (sign !== undefined) return sign;
  let name = text.slice(text.lastIndexOf("/") + 1);
  const version = name.indexOf("@"); // npx tsc@5
  if (version > 0) name = name.slice(0, version);
  if (name.endsWith(".exe")) name = name.slice(0, -4);
  if (!/^[A-Za-z_][\w.+-]{0,31}$/.test(name)) return undefined;
  const isPath = text.includes("/");
  if (isFamiliar(name)) return !isPath || FAMILIAR_PATH.test(text) ? name : undefined;
  return (isPath ? PATH.test(text) : isPlain) && isPlausible(name, isPath) ? name : undefined;
}

/** Whether a name stands in one of the tables. */
function isFamiliar(name: string): boolean {
  return Object.hasOwn(SUBCOMMANDS, name) || Object.hasOwn(WRAPPERS, name) ||
    [KNOWN, FILTERS, ASIDE, IDLE, SHELLS, HELPERS, WITHOUT_OPTIONS].some((list) => has(list, name));
}

/** Whether a name that is in no table looks like a program's, and not like a key. */
function isPlausible(name: string, isPath: boolean): boolean {
  const digits = name.replace(/\D+/g, "").length;
  if (digits > 4 || name.length > 24) return false;
  return isPath
    ? !(digits > 2 && /[A-Z]/.test(name) && /[a-z]/.test(name))
    : /^[a-z][a-z0-9_.+-]*$/.test(name) && digits <= 2;
}

/** The place of the command that a wrapper runs (sudo, timeout, npx, uv run); `undefined` where it is none, or nothing tells. */
function wrappedBy(program: string, words: readonly Word[], at: number): number | undefined {
  const wrapper = get(WRAPPERS, program);
  if (wrapper !== undefined) return commandOf(wrapper, words, at + 1);
  const found = subcommandAt(program, words, at);
  const runner = found === undefined ? undefined : get(RUNNERS, `${program} ${words[found]!.text}`);
  return runner === undefined ? undefined : commandOf(runner, words, found! + 1);
}

/** The place of the command behind a wrapper's options and operands. */
function commandOf(
  { options, operands = 0, needsDashes }: Options,
  words: readonly Word[],
  from: number,
): number | undefined {
  let at: number | undefined;
  if (needsDashes) {
    const dashes = words.findIndex(({ text }, place) => place >= from && text === "--");
    at = dashes < 0 ? undefined : dashes + 1;
  } else {
    at = behindOptions(options, words, from);
    if (at !== undefined) at += operands;
    if (at !== undefined && words[at]?.text === "--") at++;
  }
  if (at === undefined) return undefined;
  // env A=b, sudo 'A=b': these find the assignments themselves, quoted or not.
  while (/^[^-].*=/s.test(words[at]?.text ?? "")) at++;
  const text = words[at]?.text;
  return text === undefined || text.startsWith("-") ? undefined : at;
}

/**
 * The place behind a program's options, which are given as getopt takes them: letters, with a colon
 * where a value follows, then long names likewise, between blanks. `undefined` where one is unknown, so that
 * nothing tells whether the word behind it is its value.
 */
function behindOptions(
  [letters, names = ""]: Options["options"],
  words: readonly Word[],
  from: number,
): number | undefined {
  for (let at = from; at < words.length; at++) {
    const { text } = words[at]!;
    if (text === "--") return at + 1;
    if (!text.startsWith("-") || text === "-") return at;
    if (text.endsWith("=")) return undefined; // --otp= x
    if (text.startsWith("--")) {
      if (text.includes("=") || has(` ${names} `, text.slice(2))) continue;
      if (!has(` ${names} `, `${text.slice(2)}:`)) return undefined;
      at++;
    } else {
      const takesNext = takesNextWord(letters, text);
      if (takesNext === undefined) return undefined;
      if (takesNext) at++;
    }
  }
  return words.length;
}

/** Whether the value of short options stands in the next word, `-u root` as against `-uroot`. */
function takesNextWord(letters: string, text: string): boolean | undefined {
  for (let place = 1; place < text.length; place++) {
    const found = letters.indexOf(text[place]!);
    if (found < 0 || text[place] === ":") return text.includes("=") ? false : undefined;
    if (letters[found + 1] === ":") return place === text.length - 1;
  }
  return false;
}

/** The text of `bash -c`, and of eval. */
function scriptOf(program: string, words: readonly Word[], at: number): string | undefined {
  if (program === "eval") return words.slice(at + 1).map(({ text }) => text).join(" ");
  if (!has(SHELLS, program)) return undefined;
  for (let place = at + 1; place < words.length; place++) {
    const { text } = words[place]!;
    if (!/^[-+]/.test(text)) return undefined;
    if (/^-[a-z]*c$/.test(text)) return words[place + 1]?.text;
    if (/^[-+][a-z]*[oO]$/.test(text)) place++;
  }
  return undefined;
}

/** The subcommand with a blank before it, or nothing. */
function subcommandOf(program: string, words: readonly Word[], at: number): string {
  if (/^python[\d.]*$/.test(program)) return moduleOf(words, at + 1);
  const first = subcommandAt(program, words, at);
  if (first === undefined) return "";
  const name = ` ${words[first]!.text}`;
  if (!has(LONG_SUBCOMMANDS, program + name.replace(" ", "_"))) return name;
  const second = subcommandAt(program, words, first);
  return second === undefined ? name : `${name} ${words[second]!.text}`;
}

/** The place of the first word behind a program's options that can be its subcommand. */
function subcommandAt(program: string, words: readonly Word[], at: number): number | undefined {
  const spec = get(SUBCOMMANDS, program);
  if (spec === undefined && !has(WITHOUT_OPTIONS, program)) return undefined;
  let place = behindOptions(spec ?? [""], words, at + 1);
  // cargo +nightly, make -j 8 CC=gcc
  while (place !== undefined && /^(\+|\d+$|\w+=.)/s.test(words[place]?.text ?? "")) {
    place = behindOptions(spec ?? [""], words, place + 1);
  }
  const word = place === undefined ? undefined : words[place];
  if (word === undefined || !word.isPlain || !SUBCOMMAND.test(word.text)) return undefined;
  const only = spec?.[2];
  return only === undefined || has(` ${only} `, word.text) ? place : undefined;
}

/** `python -m pytest`. */
function moduleOf(words: readonly Word[], from: number): string {
  for (let at = from; at < words.length; at++) {
    const { text } = words[at]!;
    const name = words[at + 1];
    if (text === "-m") return name?.isPlain && SUBCOMMAND.test(name.text) ? ` -m ${name.text}` : "";
    if (!/^-[bBdEiIOPqsSuvx]+$/.test(text)) return "";
  }
  return "";
}

function weightOf(
  program: string | undefined,
  subcommand: string,
  words: readonly Word[],
  at: number,
): number {
  if (program === undefined) return WEIGHT.unknown;
  if (has(IDLE, program)) return WEIGHT.idle;
  if (has(ASIDE, program)) return WEIGHT.aside;
  if (has(FILTERS, program)) return WEIGHT.filter;
  if (words.some(({ text }) => text === "--version" || text === "--help")) return WEIGHT.filter;
  if (subcommand !== "" && has(LIGHT, subcommand.slice(1))) return WEIGHT.unknown;
  const isKnown = has(KNOWN, program) || has(WITHOUT_OPTIONS, program) ||
    Object.hasOwn(SUBCOMMANDS, program) || ROOTED.test(words[at]!.text);
  return isKnown ? WEIGHT.known : WEIGHT.unknown;
}

function get<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
