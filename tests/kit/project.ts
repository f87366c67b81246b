/** The files of this project, for tests that hold rules on them. */

/** The project's folder. */
export const ROOT: string = Deno.realPathSync(`${import.meta.dirname}/../..`);

/** The files below a folder, as paths from the root. */
export function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(`${ROOT}/${folder}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/** The text of a file, named by its path from the root. */
export function readProjectFile(path: string): string {
  return Deno.readTextFileSync(`${ROOT}/${path}`);
}

/** What a person reads, as paths from the root: the README, and the pages of `docs`. */
export const GUIDE: readonly string[] = ["README.md", ...filesBelow("docs")];
