/**
 * What a promise gives, or `undefined` where it takes longer than that many milliseconds. It is no
 * `setTimeout`, whose first use loads Node's timers (11 ms with Deno 2.9), and it can't be cleared: the
 * process exits before, or not. It does not keep the event loop alive by itself, only the promise does.
 */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    const nobodyNotifies = new Int32Array(new SharedArrayBuffer(4));
    const { value } = Atomics.waitAsync(nobodyNotifies, 0, 0, Math.max(0, milliseconds));
    if (typeof value === "string") resolve(undefined);
    else value.then(() => resolve(undefined));
  });
}
