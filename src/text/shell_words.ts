/** A word in single quotes, as every POSIX shell reads it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word as it stands where nothing in it means anything to a shell, else in quotes. */
export function quoteWhereNeeded(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}

/** The text of a word that `quote` made, or that has no quotes. */
export function unquote(word: string): string {
  return word.replace(/'([^']*)'|\\(')/g, (_, quoted?: string, escaped?: string) => {
    return quoted ?? escaped ?? "";
  });
}
