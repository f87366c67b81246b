/** Programs and rights that tests need and that may be missing. */
import { existsSync } from "@std/fs";
import { MemoryGroup, succeeds } from "./mounts.ts";
import { temporaryFolder } from "./temporary_folder.ts";

/** A program that a test needs: its name on PATH, or a name with its own way of looking. */
export type Tool = string | { name: string; found: () => boolean };

/**
 * Registers a test that needs programs. Where one is missing the test is ignored, and its name
 * ends in ` [needs NAME]`, which `tools/test.ts` reads to report the skip.
 */
export function testWith(
  tool: Tool | Tool[],
  name: string,
  fn: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = [tool].flat().filter((each) => !isFound(each))
    .map((each) => typeof each === "string" ? each : each.name);
  if (missing.length === 0) Deno.test(name, fn);
  else Deno.test({ name: `${name} [needs ${missing.join(", ")}]`, ignore: true, fn });
}

/** A Python module as a tool, for the system's `/usr/bin/python3`: Debian's packages are there. */
export function pythonModule(module: string): Tool {
  const script = `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`;
  return {
    name: `python3-${module}`,
    found: () => {
      const python = "/usr/bin/python3";
      return isFound(python) &&
        new Deno.Command(python, { args: ["-c", script] }).outputSync().success;
    },
  };
}

function isFound(tool: Tool): boolean {
  return typeof tool === "string" ? findProgram(tool) !== undefined : tool.found();
}

/** The path of a program on PATH; `undefined` where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = name.includes("/") ? [""] : (Deno.env.get("PATH") ?? "").split(":");
  return folders.map((folder) => folder === "" ? name : `${folder}/${name}`).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    const info = Deno.statSync(path);
    return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** The proc file system as a tool that a test needs: only Linux has it. */
export const procfs: Tool = {
  name: "/proc",
  found: () => Deno.build.os === "linux" && existsSync("/proc/self/stat"),
};

/** The right to mount: root has it, but not in every container. */
export const mounting: Tool = {
  name: "mount",
  found: () => {
    using folder = temporaryFolder();
    if (!succeeds("mount", ["-t", "tmpfs", "tmpfs", folder.path])) return false;
    return succeeds("umount", [folder.path]);
  },
};

/** A loop device, which makes a file a disk. */
export const loopDevice: Tool = {
  name: "loop device",
  found: () => Deno.uid() === 0 && succeeds("losetup", ["--find"]),
};

/** strace, where it is there and may trace: some containers forbid it. */
export const tracer: Tool = {
  name: "strace",
  found: () => succeeds("strace", ["-o", "/dev/null", "true"]),
};

/** The right to make control groups. */
export const memoryGroups: Tool = {
  name: "memory cgroup",
  found: () => {
    try {
      using _ = new MemoryGroup(1e9);
      return true;
    } catch {
      return false;
    }
  },
};

/** The rights of root, to make files of other users. */
export const root: Tool = { name: "root", found: () => Deno.uid() === 0 };

/** The real Claude Code, where `$PERFMON_CLIENT` names one: `.ci/run` gets it by npm. */
export const realClient = {
  name: "PERFMON_CLIENT",
  path: Deno.env.get("PERFMON_CLIENT") ?? "",
  found: (): boolean => realClient.path !== "" && isExecutable(realClient.path),
};
