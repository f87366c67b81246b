import { serverOf } from "../../calls/call.ts";
import { Glob } from "../../text/glob.ts";
import type { ThresholdName } from "./thresholds.ts";

/** Limits in the units of their thresholds; `null`: none, where a more general one would hold. */
export type Limits = Readonly<Partial<Record<ThresholdName, number | null>>>;

/** Limits of the tools whose name, or MCP server, a glob fits. */
export interface ToolRule {
  readonly glob: string;
  readonly limits: Limits;
}

/** What a log is held to. */
export interface Rules {
  readonly limits: Limits;
  readonly tools: readonly ToolRule[];
  /** A tool with fewer calls is not judged by its failures or its p95. */
  readonly minCalls: number;
}

/** A limit, and whether it is a tool's own. */
export interface Limit {
  readonly value: number;
  readonly isOwn: boolean;
}

/** Finds the limits that hold for a tool: of the first rule that fits and names the threshold, else the general ones. */
export class LimitFinder {
  private readonly patterns: readonly (readonly [Glob, Limits])[];
  /** The limits of the rules that fit a tool, by its name. */
  private readonly known = new Map<string, readonly Limits[]>();

  constructor(private readonly rules: Rules) {
    this.patterns = rules.tools.map(({ glob, limits }) => [new Glob(glob), limits]);
  }

  limitOf(threshold: ThresholdName, toolName: string): Limit | undefined {
    const own = this.fitting(toolName).find((limits) => limits[threshold] !== undefined);
    const value = (own ?? this.rules.limits)[threshold];
    return value === undefined || value === null ? undefined : { value, isOwn: own !== undefined };
  }

  private fitting(toolName: string): readonly Limits[] {
    let fitting = this.known.get(toolName);
    if (fitting === undefined) {
      const names = [toolName, serverOf(toolName) ?? toolName];
      fitting = this.patterns.filter(([pattern]) => names.some((name) => pattern.fits(name)))
        .map(([, limits]) => limits);
      this.known.set(toolName, fitting);
    }
    return fitting;
  }
}

/** The thresholds that have a limit anywhere. */
export function isLimited({ limits, tools }: Rules, threshold: ThresholdName): boolean {
  return [limits, ...tools.map((rule) => rule.limits)]
    .some((each) => each[threshold] !== undefined && each[threshold] !== null);
}
