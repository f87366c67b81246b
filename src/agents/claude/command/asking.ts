import { ASIDE, FILTERS, IDLE } from "./programs.ts";
import type { Word } from "./work.ts";

/**
 * Whether the lines behind a command may be what it reads, and no commands: `no`; `maybe` of one that nothing
 * is known of, so that words of no table are told only where they say that they are a program's path; `yes` of
 * one that asks for a secret or reads its stdin, so that none are.
 */
export type Asking = "no" | "maybe" | "yes";

/** Programs that ask for a password, a key or a code, or read a text to its end. */
const ASKING =
  " sudo doas su read select passwd chpasswd login kinit htpasswd cryptsetup ssh scp sftp rsync ftp telnet " +
  "nc ssh-keygen ssh-add ssh-copy-id gpg openssl psql mysql mysqldump mysqladmin mariadb mongosh mongo " +
  "redis-cli vault op bw pass security sshpass expect adduser useradd mount certbot ansible-vault age sops " +
  "keytool smbclient certtool pinentry secret-tool ";

/** Subcommands that ask for one: `npm login`, `gh auth`, `wrangler secret`. */
const ASKING_SUBCOMMAND =
  / (?:.*[:-])?(?:log-?in|auth|adduser|secrets?|passwd|password|tokens?|credentials?|keys?|otp|2fa|signup|register|configure)(?:$|[ :-])/;

/** What reads its stdin besides the shell's own state and what tells a word. */
const READING = " read source eval exec cat ";

/** Work on files that never looks at stdin. */
const QUIET =
  " ls tree find fd fdfind locate mkdir rm rmdir cp mv ln touch chmod chown chgrp mktemp basename dirname realpath " +
  "readlink stat file diff cmp du df kill pkill killall pgrep ps lsof netstat ss free uname whoami id hostname " +
  "groups printenv clear seq which ";

/** Filters that are given a file by their first operand, as others are by the second. */
const OF_FILES =
  " cat head tail wc sort uniq less more nl tac shuf base64 md5sum shasum sha256sum bat ";

/**
 * Tells by a command's words, and by the name that was made of them, whether the lines behind it may be what it
 * reads. `isFed`: its stdin is a pipe, a file or a heredoc.
 */
export function askingOf(
  words: readonly Word[],
  name: string | undefined,
  isFed: boolean,
): Asking {
  if (words.length === 0) return "no";
  if (words.some(({ text }) => ASKING.includes(` ${text.slice(text.lastIndexOf("/") + 1)} `))) {
    return "yes";
  }
  if (name === undefined) return words.every(({ isAssignment }) => isAssignment) ? "no" : "maybe";
  if (ASKING_SUBCOMMAND.test(name)) return "yes";
  const isListed = (list: string): boolean => list.includes(` ${name} `);
  if (isListed(QUIET)) return "no";
  const isFilter = isListed(FILTERS) || name === "cat";
  if (!isFilter) return isListed(IDLE + ASIDE) && !isListed(READING) ? "no" : "maybe";
  const operands = words.filter(({ text }) => !text.startsWith("-")).length - 1;
  if (isFed || operands >= (isListed(OF_FILES) ? 1 : 2)) return "no";
  return "yes";
}

/** Whether lines may be what one of two commands reads that stand before them. */
export function moreAsking(a: Asking, b: Asking): Asking {
  return a === "yes" || b === "no" ? a : b;
}
