/** A registry of npm packages on the loopback interface. */
import { expectExit } from "../../kit/perfmon.ts";
import { serve, type Server } from "../../kit/servers.ts";
import { execute } from "./dry_run.ts";

/** The registry's program: the newest that Node 20 runs, and one of its packages whose tag not every mirror has. */
const VERDACCIO = { dependencies: { verdaccio: "6.1.6" }, overrides: { "node-fetch": "2.7.0" } };

const CONFIG = `
storage: ./storage
max_body_size: 200mb
packages:
  '**': { access: $all, publish: $all }
log: { type: stdout, level: warn }
`;

/** Installs a registry, from npm, into a folder and starts it. */
export async function startRegistry(folder: string): Promise<Server> {
  Deno.writeTextFileSync(`${folder}/package.json`, JSON.stringify(VERDACCIO));
  Deno.writeTextFileSync(`${folder}/config.yaml`, CONFIG);
  expectExit(await execute(["npm", "install", "--silent", "--prefix", folder]), 0);
  const args = [
    `${folder}/node_modules/verdaccio/bin/verdaccio`,
    "--config",
    `${folder}/config.yaml`,
  ];
  return await serve("node", (port) => [...args, "--listen", `127.0.0.1:${port}`], "/-/ping");
}

/** Publishes the packages that lie in a folder. */
export async function publish(folder: string, { url }: Server): Promise<void> {
  const token = `--${url.slice("http:".length)}/:_authToken=none`;
  for (const { name } of Deno.readDirSync(folder)) {
    // npm publishes no version such as 0.2.0-dev without being told its tag.
    const flags = ["--silent", "--tag=latest", `--registry=${url}/`, token];
    expectExit(await execute(["npm", "publish", ...flags, `${folder}/${name}`]), 0);
  }
}
