/**
 * Resolves to `undefined` after that many milliseconds. It is no `setTimeout`, whose first use loads
 * Node's timers (11 ms with Deno 2.9), and it can't be cleared: the process exits before, or not.
 * It does not keep the event loop alive by itself, so race it with something that does.
 */
export async function timeout(milliseconds: number): Promise<undefined> {
  const nobodyNotifies = new Int32Array(new SharedArrayBuffer(4));
  await Atomics.waitAsync(nobodyNotifies, 0, 0, Math.max(0, milliseconds)).value;
}
