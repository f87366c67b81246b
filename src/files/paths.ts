/** The folder that holds a path. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

/** The path that symbolic links lead to in the end, whether or not something is there. */
export function followLinks(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return path;
  }
  try {
    return followLinks(nextPath(path));
  } catch {
    return path;
  }
}

/** Where the symbolic link at a path leads, one step. Throws where there is no link. */
export function nextPath(path: string): string {
  const link = Deno.readLinkSync(path);
  return link.startsWith("/") ? link : `${parentOf(path)}/${link}`;
}
