import {
  isShimOf,
  packageProgram,
  renewLink,
  setLink,
} from "../../../src/agents/claude/hooks/package_program.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";

Deno.test("what npm, pnpm, Yarn and Bun keep for all projects is told from npx's cache and a project's", () => {
  const binary = "node_modules/perfmon-linux-x64/bin/perfmon";
  const global: Readonly<Record<string, string>> = {
    [`/usr/local/lib/node_modules/perfmon/${binary}`]: "/usr/local/lib",
    [`/home/a/.nvm/versions/node/v22/lib/node_modules/perfmon/${binary}`]:
      "/home/a/.nvm/versions/node/v22/lib",
    [`/home/a/pnpm/global/5/.pnpm/perfmon-linux-x64@1.0.0/${binary}`]: "/home/a/pnpm/global/5",
    [`/home/a/.bun/install/global/${binary}`]: "/home/a/.bun/install/global",
    [`/home/a/.config/yarn/global/${binary}`]: "/home/a/.config/yarn/global",
  };
  for (const [path, prefix] of Object.entries(global)) {
    assertEquals(packageProgram(path), { prefix, name: "perfmon", isGlobal: true });
  }
  for (const folder of ["/home/a/.npm/_npx/8505b41093", "/tmp/bunx-0-perfmon", "/home/a/project"]) {
    assertEquals(packageProgram(`${folder}/${binary}`)?.isGlobal, false, folder);
  }
  assertEquals(packageProgram(`/x/${binary.replace("/perf", "/@me/perf")}`)?.name, "@me/perfmon");
  for (const path of ["/usr/bin/perfmon", "/home/a/node_modules/.bin/perfmon", ""]) {
    assertEquals(packageProgram(path), undefined, path);
  }
});

Deno.test("a project in a folder called lib is a project", () => {
  using folder = temporaryFolder();
  const lib = `${folder.path}/lib`;
  Deno.mkdirSync(lib);
  const program = `${lib}/node_modules/perfmon-linux-x64/bin/perfmon`;
  assertEquals(packageProgram(program)?.isGlobal, true);
  Deno.writeTextFileSync(`${lib}/package.json`, "{}");
  assertEquals(packageProgram(program)?.isGlobal, false);
});

Deno.test("a link is renewed where its target is gone and the new one lies below the same folder", () => {
  using folder = temporaryFolder();
  const link = `${folder.path}/perfmon`;
  const global = (prefix: string, version: string): string =>
    `${prefix}/pnpm/global/5/.pnpm/perfmon-linux-x64@${version}/node_modules/perfmon-linux-x64/bin/perfmon`;
  const [old, now] = ["1.0.0", "2.0.0"].map((version) => global(folder.path, version)) as [
    string,
    string,
  ];
  assertEquals(renewLink(link, now), false, "there is no link");
  Deno.symlinkSync(old, link);
  Deno.mkdirSync(old, { recursive: true });
  assertEquals(renewLink(link, now), false, "what it leads to is there");
  Deno.removeSync(old);
  assertEquals(renewLink(link, global("/elsewhere", "2.0.0")), false, "of another folder");
  assertEquals(renewLink(link, `${folder.path}/dist/perfmon`), false, "of no package");
  assertEquals(renewLink(link, now), true);
  assertEquals(Deno.readLinkSync(link), now);
  assertEquals(Array.from(Deno.readDirSync(folder.path), ({ name }) => name).sort(), [
    "perfmon",
    "pnpm",
  ]);
});

Deno.test("npm's link and pnpm's wrapper start the binary of their package, a stranger does not", () => {
  using folder = temporaryFolder();
  const lib = `${folder.path}/lib`;
  const main = `${lib}/node_modules/perfmon`;
  const running = `${main}/node_modules/perfmon-linux-x64/bin/perfmon`;
  Deno.mkdirSync(`${main}/bin`, { recursive: true });
  Deno.writeTextFileSync(`${main}/bin/perfmon.mjs`, "");
  const [link, wrapper, stranger] = ["link", "wrapper", "stranger"]
    .map((name) => `${folder.path}/${name}`) as [string, string, string];
  Deno.symlinkSync(`${main}/bin/perfmon.mjs`, link);
  Deno.writeTextFileSync(
    wrapper,
    '#!/bin/sh\nexec node "$d/node_modules/perfmon/bin/perfmon.mjs"\n',
  );
  Deno.writeTextFileSync(stranger, "#!/bin/sh\nexec other\n");
  assertEquals([link, wrapper, stranger].map((each) => isShimOf(each, running)), [
    true,
    true,
    false,
  ]);
  assertEquals(isShimOf(link, "/usr/bin/perfmon"), false);
});

Deno.test("a link that can't come to its place leaves nothing beside it", () => {
  using folder = temporaryFolder();
  const link = `${folder.path}/perfmon`;
  Deno.mkdirSync(link);
  assertThrows(() => setLink(link, "/usr/bin/true"));
  assertEquals(Array.from(Deno.readDirSync(folder.path), ({ name }) => name), ["perfmon"]);
});
