/** Up to this many bytes a text is looked at as arguments of a function, which lie on the stack. */
const SHORT = 4096;

/**
 * UTF-8 bytes as text. A short text of ASCII needs no `TextDecoder`, whose first use takes 0.25 ms of a
 * hook's 13; nor a loop of ours, which at its first run takes 0.8 µs a step, or a spread, 0.2 µs.
 */
export function decode(bytes: Uint8Array): string {
  const isAscii = bytes.length <= SHORT && Reflect.apply(Math.max, null, bytes) < 0x80;
  return isAscii
    ? Reflect.apply(String.fromCharCode, null, bytes)
    : new TextDecoder().decode(bytes);
}
