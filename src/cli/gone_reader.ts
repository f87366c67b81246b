/** The conditions that poll(2) reports where the other end of a pipe, or of a socket, is closed. */
const POLLERR = 0x08;
const POLLHUP = 0x10;

/**
 * Makes a function that tells whether whoever read our stdout has closed it, without writing to it.
 * Deno has no poll(2), so it is the C library's; where that can't be loaded the answer is always
 * no, and the next write tells.
 */
export function goneReader(): () => boolean {
  try {
    const { symbols } = Deno.dlopen(
      Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6",
      { poll: { parameters: ["buffer", "usize", "i32"], result: "i32" } },
    );
    return () => {
      // struct pollfd: an int, the file descriptor; two shorts, the events asked for and those that came.
      const pollfd = new DataView(new ArrayBuffer(8));
      pollfd.setInt32(0, 1, true);
      symbols.poll(pollfd, 1n, 0);
      return (pollfd.getInt16(6, true) & (POLLERR | POLLHUP)) !== 0;
    };
  } catch {
    return () => false;
  }
}
