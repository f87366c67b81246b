// @ts-types="./cli.d.ts"
export { parseArgs, type ParseOptions } from "@std/cli/parse-args";
