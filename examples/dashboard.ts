/**
 * Writes `dashboard.html`, the page of the sample log `performance.csv`, with the built binary; a test makes
 * it again and compares. Run it with `deno run -A examples/dashboard.ts`.
 */

const FOLDER = new URL(".", import.meta.url).pathname;

/** The evening of the sample log's last day: the page says when it was made. */
const MADE = "1795032000";

/** Writes the page of the sample log; returns whether that worked. */
export async function writeDashboard(output: string): Promise<boolean> {
  const { success } = await new Deno.Command(`${FOLDER}../dist/perfmon`, {
    args: ["dashboard", "--all", "--file", `${FOLDER}performance.csv`, "-o", output],
    env: { SOURCE_DATE_EPOCH: MADE },
    stderr: "null",
  }).output();
  return success;
}

if (import.meta.main) {
  const output = `${FOLDER}dashboard.html`;
  if (!await writeDashboard(output)) throw new Error("No page: run deno task build before");
  await Deno.chmod(output, 0o644);
}
