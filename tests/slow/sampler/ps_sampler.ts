/** Watches a log as a Mac does, by `ps`: `deno run -A tests/slow/sampler/ps_sampler.ts --file LOG [--command]`. */
import { recSample } from "../../../src/record/sample/rec_sample.ts";

if (import.meta.main) Deno.exit(await recSample(Deno.args, "darwin"));
