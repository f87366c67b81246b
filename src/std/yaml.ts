// @ts-types="./yaml.d.ts"
export { parse, type ParseOptions, YamlSyntaxError } from "@std/yaml";
