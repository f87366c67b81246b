/** Makes V8 compile the functions of the hot path when it reads them, not when they are first called. */
import { parse } from "acorn";

/**
 * Writes each function declaration at the top level of a module as a variable with a function in
 * parentheses, which V8 compiles at once (as it does for what is called where it stands). Left to
 * itself it first checks a function's syntax only, then parses it again at its first call: with two
 * dozen functions that each run once, 0.8 ms of a hook.
 */
export function compileEagerly(code: string): string {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  let functions = ""; // in front, as declarations are hoisted
  let rest = "";
  for (const node of body) {
    const text = code.slice(node.start, node.end);
    if (node.type === "FunctionDeclaration") functions += `var ${node.id.name}=(${text});`;
    else rest += text + ";";
  }
  return functions + rest;
}
