// @ts-types="./yaml.d.ts"
export { parse, YamlSyntaxError } from "@std/yaml";
