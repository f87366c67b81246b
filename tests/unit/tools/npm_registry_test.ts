import { cacheFolder } from "../../../tools/denort.ts";
import { npmRegistry } from "../../../tools/npm_registry.ts";
import { assertEquals } from "../../std/std_assert.ts";

function registry(env: Record<string, string>, files: Record<string, string> = {}): string {
  return npmRegistry("@scope", { env: (name) => env[name], readFile: (path) => files[path] });
}

Deno.test("npmRegistry takes the environment, then .npmrc, then the public registry", () => {
  const userFile = { "/home/me/.npmrc": "; note\nregistry=https://user.example/npm\nfund=false\n" };
  const folderFile = { ".npmrc": 'registry = "https://folder.example/"\n' };
  assertEquals(registry({}), "https://registry.npmjs.org/");
  assertEquals(registry({ HOME: "/home/me" }), "https://registry.npmjs.org/");
  assertEquals(registry({ HOME: "/home/me" }, userFile), "https://user.example/npm/");
  assertEquals(
    registry({ HOME: "/home/me" }, { ...userFile, ...folderFile }),
    "https://folder.example/",
  );
  const env = { HOME: "/home/me", npm_config_registry: "https://env.example" };
  assertEquals(registry(env, { ...userFile, ...folderFile }), "https://env.example/");
  assertEquals(registry({ NPM_CONFIG_REGISTRY: "https://E.example/" }), "https://E.example/");
});

Deno.test("npmRegistry prefers the scope's own registry and reads variables in .npmrc", () => {
  const files = {
    "/etc/my-npmrc": "registry=https://all.example/\n@scope:registry=https://${NAME}.example/\n",
  };
  const env = { npm_config_userconfig: "/etc/my-npmrc", NAME: "scoped" };
  assertEquals(registry(env, files), "https://scoped.example/");
  assertEquals(
    registry({ ...env, NAME: "/" }, { "/etc/my-npmrc": "registry=nothing" }),
    "https://registry.npmjs.org/",
  );
});

Deno.test("cacheFolder follows the XDG specification", () => {
  const folder = (env: Record<string, string>) => cacheFolder((name) => env[name]);
  assertEquals(folder({ XDG_CACHE_HOME: "/cache", HOME: "/home/me" }), "/cache/perfmon");
  assertEquals(folder({ XDG_CACHE_HOME: "relative", HOME: "/home/me" }), "/home/me/.cache/perfmon");
  assertEquals(folder({ HOME: "/home/me" }), "/home/me/.cache/perfmon");
  assertEquals(folder({ HOME: "" }), undefined);
});
