// @ts-types="./csv.d.ts"
export { stringify } from "@std/csv";
