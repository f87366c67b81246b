// @ts-types="./text.d.ts"
export { closestString } from "@std/text/closest-string";
