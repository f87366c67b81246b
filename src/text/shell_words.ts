/** A word in single quotes, as every POSIX shell reads it: hook lines have it so, and `/bin/sh` reads those. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word of a hook line as it stands where nothing in it means anything to `/bin/sh`, else in quotes. */
export function quoteWhereNeeded(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}

/**
 * A word for a line that a person pastes into bash, dash, zsh or fish, in quotes where it needs some. In
 * fish's single quotes `\` and `'` can be escaped, in no other shell's: so both stand in double quotes. zsh
 * looks up a program behind `=`, fish a process behind `%`.
 */
export function quoteForPaste(word: string): string {
  if (/^[\w@+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  const parts = word.match(/['\\]+|[^'\\]+/g) ?? [""];
  return parts.map((part) =>
    /['\\]/.test(part) ? `"${part.replaceAll("\\", "\\\\")}"` : `'${part}'`
  ).join("");
}

/** The text of a word that a function here has quoted, or that has no quotes. */
export function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(')/g,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(.)/g, "$1") ?? escaped ?? "",
  );
}

/** The words of a line, each still quoted as it is there. */
export function shellWords(line: string): string[] {
  return line.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\'|[^\s'"])+/g) ?? [];
}
