// @ts-types="./cli.d.ts"
export { parseArgs } from "@std/cli/parse-args";
// @ts-types="./closest_string.d.ts"
export { closestString } from "@std/text/closest-string";
