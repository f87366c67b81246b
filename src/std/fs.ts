/**
 * The part of `@std/fs@1` that perfmon uses: the same names, arguments and errors as JSR's, from where npm
 * has none. Where JSR can be reached, one line of deno.json takes the original. Not for the hot path.
 */

/** What a path has to be, besides being there; not both at once. */
export interface ExistsOptions {
  /** A folder, or a symbolic link to one. */
  readonly isDirectory?: boolean;
  /** A regular file, or a symbolic link to one. */
  readonly isFile?: boolean;
}

/**
 * True where something is at a path, symbolic links followed; also where the system does not let us look
 * at it. Throws a `TypeError` where it is to be a folder and a file.
 */
export function existsSync(path: string | URL, options: ExistsOptions = {}): boolean {
  const { isDirectory = false, isFile = false } = options;
  try {
    const info = Deno.statSync(path);
    if (isDirectory && isFile) {
      throw new TypeError(
        "ExistsOptions.options.isDirectory and ExistsOptions.options.isFile must not be true together",
      );
    }
    return isDirectory ? info.isDirectory : isFile ? info.isFile : true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

/** Creates a folder and its parents, unless it is there. Throws where something else is. */
export async function ensureDir(dir: string | URL): Promise<void> {
  if (isDir(await Deno.stat(dir).catch(undefinedIfNotFound))) return;
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    isDir(await Deno.stat(dir)); // another process was sooner
  }
}

/** Creates a folder and its parents, unless it is there. Throws where something else is. */
export function ensureDirSync(dir: string | URL): void {
  if (isDir(statIfFound(dir))) return;
  try {
    Deno.mkdirSync(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    isDir(Deno.statSync(dir)); // another process was sooner
  }
}

function statIfFound(path: string | URL): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    return undefinedIfNotFound(error);
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** False for nothing; throws for what is no folder. */
function isDir(info: Deno.FileInfo | undefined): boolean {
  if (info === undefined || info.isDirectory) return info !== undefined;
  const type = info.isFile ? "file" : info.isSymlink ? "symlink" : undefined;
  throw new Error(`Failed to ensure directory exists: expected 'dir', got '${type}'`);
}

/** What a walk yields. */
export interface WalkOptions {
  /** Folders too; true unless told. */
  readonly includeDirs?: boolean;
  /** Only paths with one of these extensions, with or without their dot. */
  readonly exts?: readonly string[];
  /** No path that matches one of these, and nothing in such a folder. */
  readonly skip?: readonly RegExp[];
}

/** An entry of a walk. */
export interface WalkEntry extends Deno.DirEntry {
  readonly path: string;
}

/** Yields the folder `root` and all that is in it, folders before what is in them; no symbolic link is followed. */
export function* walkSync(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const { includeDirs = true, exts, skip = [] } = options;
  const endings = exts?.map((ext) => ext.startsWith(".") ? ext : `.${ext}`);
  const isSkipped = (path: string): boolean => skip.some((pattern) => pattern.test(path));
  const isWanted = (path: string): boolean =>
    !isSkipped(path) && (endings?.some((ending) => path.endsWith(ending)) ?? true);
  if (includeDirs && isWanted(root)) {
    const name = root.slice(root.lastIndexOf("/") + 1);
    yield { path: root, name, isFile: false, isDirectory: true, isSymlink: false };
  }
  if (isSkipped(root)) return;
  for (const entry of Deno.readDirSync(root)) {
    const path = `${root}/${entry.name}`;
    if (entry.isDirectory) yield* walkSync(path, options);
    else if (isWanted(path)) yield { ...entry, path };
  }
}
