// @ts-types="./csv.d.ts"
export { stringify, type StringifyOptions } from "@std/csv";
