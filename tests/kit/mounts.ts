/** File systems, and limits of memory, that only root can make. */

/** Runs a program to its end; false where it is missing or fails. */
export function succeeds(program: string, args: string[]): boolean {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false;
  }
}

/** Runs a program that has to succeed; returns what it printed. */
export function must(program: string, args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  const text = new TextDecoder().decode(stdout);
  if (!success) {
    throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
  return text.trim();
}

/** Mounts something on a folder, which is created, until the end of the block. */
export function mounted(folder: string, args: string[]): Disposable {
  Deno.mkdirSync(folder, { recursive: true });
  must("mount", [...args, folder]);
  return { [Symbol.dispose]: () => void must("umount", [folder]) };
}

/** A control group whose processes may take that many bytes of memory together. */
export class MemoryGroup {
  static readonly #version2 = "/sys/fs/cgroup/cgroup.controllers";
  readonly path: string;

  constructor(bytes: number) {
    const isVersion2 = succeeds("test", ["-e", MemoryGroup.#version2]);
    const root = isVersion2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    this.path = `${root}/perfmon_test_${crypto.randomUUID()}`;
    if (isVersion2) Deno.writeTextFileSync(`${root}/cgroup.subtree_control`, "+memory");
    Deno.mkdirSync(this.path);
    const file = isVersion2 ? "memory.max" : "memory.limit_in_bytes";
    Deno.writeTextFileSync(`${this.path}/${file}`, String(bytes));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}
