/** A function that shortens session ids to as many characters (4 at least) as tell them apart. */
export function shortener(ids: Iterable<string>): (id: string) => string {
  const known = new Set(ids);
  let length = 4;
  while (length < 36 && new Set([...known].map((id) => id.slice(0, length))).size < known.size) {
    length++;
  }
  return (id) => id.slice(0, length);
}
