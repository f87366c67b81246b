/**
 * The CPU that this process has used so far, seconds: the scheduler's nanoseconds of the threads that it has, because
 * the kernel's ticks are as long as a whole hook. 0 where they are not known.
 */
export function ownCpuSeconds(proc = "/proc"): number {
  let nanoseconds = 0;
  try {
    for (const { name } of Deno.readDirSync(`${proc}/self/task`)) {
      const text = Deno.readTextFileSync(`${proc}/self/task/${name}/schedstat`);
      nanoseconds += Number.parseInt(text);
    }
  } catch {
    return 0; // no Linux, or a kernel without
  }
  return nanoseconds / 1e9;
}
