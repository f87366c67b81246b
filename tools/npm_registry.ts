/** The npm registry and the certificates that npm is set to use, for downloads of the build. */

const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

/** What the search for the registry depends on; tests pass their own. */
export interface NpmSettings {
  env: (name: string) => string | undefined;
  /** The text of a file, or undefined where it can't be read. */
  readFile: (path: string) => string | undefined;
}

/**
 * Returns the registry's address, ending in a slash, for packages of `scope` (such as "@casaper"):
 * `npm_config_registry`, else the `.npmrc` of the working directory, else the user's, else the
 * public registry, as npm does. In a file, the scope's own registry wins.
 */
export function npmRegistry(scope: string, settings: NpmSettings = systemSettings()): string {
  const { env, readFile } = settings;
  const home = env("HOME");
  const userConfig = env("npm_config_userconfig") ?? env("NPM_CONFIG_USERCONFIG") ??
    (home ? `${home}/.npmrc` : undefined);
  const files = [".npmrc", userConfig].map((path) => path ? readFile(path) ?? "" : "");
  const candidates = [
    ...files.map((text) => npmrcValue(text, `${scope}:registry`, env)),
    env("npm_config_registry"),
    env("NPM_CONFIG_REGISTRY"),
    ...files.map((text) => npmrcValue(text, "registry", env)),
  ];
  const found = candidates.find((each) => each && URL.canParse(each)) ?? PUBLIC_REGISTRY;
  return found.endsWith("/") ? found : `${found}/`;
}

/** Returns the last value of `key` in the text of an `.npmrc`, `${NAME}` replaced from `env`. */
function npmrcValue(text: string, key: string, env: NpmSettings["env"]): string | undefined {
  const values = text.split("\n")
    .map((line) => /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match?.[1] === key)
    .map((match) => (match?.[2] ?? "").replace(/^"(.*)"$/, "$1"));
  return values.at(-1)?.replace(/\$\{(\w+)\}/g, (_, name) => env(name) ?? "");
}

function systemSettings(): NpmSettings {
  return {
    env: (name) => Deno.env.get(name),
    readFile: (path) => {
      try {
        return Deno.readTextFileSync(path);
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * Makes this process and its children accept the certificates that the system and npm accept;
 * Deno alone knows only Mozilla's, which fails behind a company's proxy where npm works. Must be
 * called before the first connection.
 */
export function trustSystemCertificates(): void {
  const npmCertificates = Deno.env.get("npm_config_cafile");
  if (!Deno.env.get("DENO_TLS_CA_STORE")) Deno.env.set("DENO_TLS_CA_STORE", "mozilla,system");
  if (npmCertificates && !Deno.env.get("DENO_CERT")) Deno.env.set("DENO_CERT", npmCertificates);
}
