/** O_CLOEXEC (open(2)): it is 2000000 in /proc, in octal. */
const CLOSES_ON_EXEC = /\nflags:\t[0-7]*[2367][0-7]{6}\n/;

/**
 * Closes what this process has from the one that started it, beyond the standard streams: Deno closes nothing for the
 * programs that it starts, and a lock or a pipe of theirs would stay open as long as this process lives. What Deno
 * opens does not outlive an exec: by that the others are known. Where the C library can't be loaded all stays.
 */
export function closeInheritedFiles(): void {
  try {
    const { symbols } = Deno.dlopen("libc.so.6", {
      close: { parameters: ["i32"], result: "i32" },
    });
    for (const { name } of [...Deno.readDirSync("/proc/self/fd")]) {
      if (Number(name) > 2 && isInherited(name)) symbols.close(Number(name));
    }
  } catch {
    // It watches all the same.
  }
}

function isInherited(file: string): boolean {
  try {
    return !CLOSES_ON_EXEC.test(Deno.readTextFileSync(`/proc/self/fdinfo/${file}`));
  } catch {
    return false; // the folder that was read
  }
}
