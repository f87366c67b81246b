/** `POSIX_SPAWN_SETSID` of glibc (spawn.h), and `O_RDWR` (fcntl.h). */
const SETSID = 0x80;
const READ_WRITE = 2;
/** No structure of posix_spawn(3) has more bytes than this. */
const STRUCTURE = 512;

/** The environment of what is started: without a HOME the runtime asks the name service for it, through a socket. */
const ENVIRONMENT = { HOME: "/" };

/**
 * Starts a program, by its absolute path, in a session of its own, without the standard streams and the environment
 * of this process. Throws where it can't be started. On Linux by the C library: to load `Deno.Command` alone takes
 * 5 ms, a quarter of a hook, and this 2.
 */
export function startDetached(program: string, args: readonly string[]): void {
  if (Deno.build.os === "linux") return spawnByLibc(program, args);
  new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: ENVIRONMENT,
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn().unref();
}

function spawnByLibc(program: string, args: readonly string[]): void {
  // As pointers: each parameter that is a buffer takes 0.1 ms more.
  const { symbols: libc } = Deno.dlopen("libc.so.6", {
    posix_spawn_file_actions_init: { parameters: ["pointer"], result: "i32" },
    posix_spawn_file_actions_addopen: {
      parameters: ["pointer", "i32", "pointer", "i32", "u32"],
      result: "i32",
    },
    posix_spawnattr_init: { parameters: ["pointer"], result: "i32" },
    posix_spawnattr_setflags: { parameters: ["pointer", "i16"], result: "i32" },
    posix_spawn: {
      parameters: ["pointer", "pointer", "pointer", "pointer", "pointer", "pointer"],
      result: "i32",
    },
  });
  const streams = toPointer(allocate(STRUCTURE));
  libc.posix_spawn_file_actions_init(streams);
  const nothing = toPointer(toCString("/dev/null"));
  for (const stream of [0, 1, 2]) {
    libc.posix_spawn_file_actions_addopen(streams, stream, nothing, READ_WRITE, 0);
  }
  const attributes = toPointer(allocate(STRUCTURE));
  libc.posix_spawnattr_init(attributes);
  libc.posix_spawnattr_setflags(attributes, SETSID);
  const path = toPointer(toCString(program));
  const argv = toPointer(toCStrings([program, ...args]));
  const env = toPointer(toCStrings(Object.entries(ENVIRONMENT).map((pair) => pair.join("="))));
  const error = libc.posix_spawn(null, path, streams, attributes, argv, env);
  if (error !== 0) throw new Error(`"${program}" can't be started: errno ${error}`);
}

type Memory = Uint8Array<ArrayBuffer>;

/** What pointers lead to: nothing of it may be collected. */
const kept: Memory[] = [];

function toPointer(memory: Memory): Deno.PointerObject | null {
  kept.push(memory);
  return Deno.UnsafePointer.of(memory);
}

/** Zeros that stay where they are; those of a small array that has made its own buffer are moved. */
function allocate(size: number): Memory {
  return new Uint8Array(new ArrayBuffer(size));
}

function toCString(text: string): Memory {
  const bytes = new TextEncoder().encode(text);
  const memory = allocate(bytes.length + 1);
  memory.set(bytes);
  return memory;
}

/** An array of C strings: a pointer to each, and a null pointer. */
function toCStrings(texts: readonly string[]): Memory {
  const pointers = new BigUint64Array(new ArrayBuffer(8 * (texts.length + 1)));
  for (const [place, text] of texts.entries()) {
    pointers[place] = Deno.UnsafePointer.value(toPointer(toCString(text)));
  }
  return new Uint8Array(pointers.buffer);
}
