/**
 * Names for the chunks that bundles share. The bundler's own end with a hash that depends on the folder
 * it ran in, so that two builds of one commit would differ.
 */

/** A specifier of a chunk in a bundle: folders, name, hash. */
const CHUNK = /"((?:\.\.?\/)+)([^"/]+)-([A-Z0-9]{8})\.js"/g;

const HASHED_NAME = /-[A-Z0-9]{8}\.js$/;

/**
 * Returns bundles by their paths, in which each chunk has a number in place of its hash: by where it is
 * imported first, beginning with the bundles that are no chunks, in the order of their paths.
 */
export function numberChunks(bundles: ReadonlyMap<string, string>): Map<string, string> {
  const paths = new Map([...bundles.keys()].map((path) => [nameOf(path), path]));
  const numbered = new Map<string, string>();
  const walk = new Set([...bundles.keys()].filter((path) => !HASHED_NAME.test(path)).sort());
  for (const path of walk) { // grows while it is walked
    for (const [, , name, hash] of (bundles.get(path) ?? "").matchAll(CHUNK)) {
      const chunk = paths.get(`${name}-${hash}.js`);
      if (chunk === undefined || walk.has(chunk)) continue;
      numbered.set(nameOf(chunk), `${name}-${numbered.size + 1}.js`);
      walk.add(chunk);
    }
  }
  const rename = (name: string): string => numbered.get(name) ?? name;
  return new Map(Array.from(bundles, ([path, code]) => [
    path.slice(0, -nameOf(path).length) + rename(nameOf(path)),
    code.replaceAll(CHUNK, (_, up, name, hash) => `"${up}${rename(`${name}-${hash}.js`)}"`),
  ]));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
