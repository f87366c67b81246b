import { tryPlugin } from "../../client/plugin.ts";
import { realClient, testWith } from "../../kit/tools.ts";

testWith(
  realClient,
  "plugin: the real client takes it, records by it, and is rid of it",
  async () => {
    await tryPlugin(realClient.path);
  },
);
