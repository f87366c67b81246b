/** PromQL as its own grammar sees it. */
import { parser } from "@prometheus-io/lezer-promql";

/** One place where an expression asks for series. */
export interface Selector {
  readonly metric: string;
  /** As they stand there: `job=~"$job"`. */
  readonly matchers: readonly string[];
  /** The range in brackets, without these; `undefined` for an instant vector. */
  readonly range: string | undefined;
  /** Names of the functions around it, the innermost first. */
  readonly functions: readonly string[];
}

/** Puts durations in place of Grafana's own variables. */
export function withRanges(expr: string, range: string): string {
  return expr.replaceAll("$__rate_interval", range).replaceAll("$__range", range);
}

/** What an expression asks for; throws where it is no PromQL. */
export function selectorsOf(expr: string): Selector[] {
  const found: Selector[] = [];
  const tree = parser.parse(expr);
  tree.iterate({
    enter: ({ node, name, type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL: ${expr.slice(0, from)}⚠${expr.slice(from)}`);
      if (name !== "VectorSelector") return;
      const text = expr.slice(from, to);
      const functions: string[] = [];
      let range: string | undefined;
      for (let parent = node.parent; parent !== null; parent = parent.parent) {
        if (parent.name === "MatrixSelector") {
          range = /\[(.*)\]$/.exec(expr.slice(to, parent.to))?.[1];
        }
        const identifier = parent.getChild("FunctionIdentifier");
        if (identifier !== null) functions.push(expr.slice(identifier.from, identifier.to));
      }
      const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
      found.push({
        metric: text.replace(/\{.*$/s, ""),
        matchers: matchers.map((each) => expr.slice(each.from, each.to)),
        range,
        functions,
      });
    },
  });
  return found;
}
