/** What one look at the installation came to. */
export interface Check {
  readonly name: string;
  readonly verdict: "pass" | "advise" | "fail";
  /** One line, no full stop. */
  readonly finding: string;
  /** The command that mends it. */
  readonly remedy?: string | undefined;
}

/** All is well. */
export function pass(name: string, finding: string): Check {
  return { name, verdict: "pass", finding };
}

/** It works, and something is better done otherwise. */
export function advise(name: string, finding: string, remedy?: string): Check {
  return { name, verdict: "advise", finding, remedy };
}

/** Something does not work. */
export function fail(name: string, finding: string, remedy?: string): Check {
  return { name, verdict: "fail", finding, remedy };
}
