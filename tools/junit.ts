/** Counting the tests in the JUnit report that `deno test --junit-path` of Deno 2.9 writes. */

/** What a report says. Steps of a test are not counted, but an ignored step is a skip. */
export interface TestCounts {
  passed: number;
  /** The names of those that failed. */
  failed: string[];
  /** The names of the ignored tests and steps, without the tests that `--filter` left out. */
  skipped: string[];
}

interface TestCase {
  suite: string;
  name: string;
  outcome: "passed" | "failed" | "skipped" | "filtered";
}

/** Returns the counts of a report, given as the text of the file. */
export function countTests(xml: string): TestCounts {
  const cases = [...xml.matchAll(/<testsuite name="([^"]*)"(.*?)<\/testsuite>/gs)]
    .flatMap(([, suite = "", body = ""]) => readCases(suite, body));
  const names = new Set(cases.map((each) => `${each.suite}\0${each.name}`));
  const tests = cases.filter((each) => !isStep(each, names));
  return {
    passed: tests.filter((each) => each.outcome === "passed").length,
    failed: tests.filter((each) => each.outcome === "failed").map((each) => each.name),
    skipped: cases.filter((each) => each.outcome === "skipped").map((each) => each.name),
  };
}

function readCases(suite: string, body: string): TestCase[] {
  return [...body.matchAll(/<testcase name="([^"]*)"([^>]*)>(.*?)<\/testcase>/gs)]
    .map(([, name = "", attributes = "", content = ""]) => ({
      suite,
      name: unescapeXml(name),
      outcome: outcomeOf(attributes, content),
    }));
}

function outcomeOf(attributes: string, content: string): TestCase["outcome"] {
  if (/<(failure|error)\b/.test(content)) return "failed";
  if (!content.includes("<skipped")) return "passed";
  // Deno lists what --filter leaves out as skipped, too, but without a time.
  return / time="/.test(attributes) ? "skipped" : "filtered";
}

/** A step is named "TEST > STEP": a test whose name begins so would be taken for one, and not counted. */
function isStep({ suite, name }: TestCase, names: Set<string>): boolean {
  const parts = name.split(" > ");
  return parts.some((_, index) =>
    index > 0 && names.has(`${suite}\0${parts.slice(0, index).join(" > ")}`)
  );
}

function unescapeXml(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole);
}

/**
 * Returns a line for each reason why tests were skipped: a missing tool, which `testWith` of the
 * tests writes into the name as ` [needs NAME, NAME]`, or the name of an ignored test.
 */
export function describeSkips(names: string[]): string[] {
  const reasons = names.flatMap((name) => {
    const tools = / \[needs (.+)\]$/.exec(name)?.[1];
    return tools === undefined
      ? [`"${name}" is ignored`]
      : tools.split(", ").map((tool) => `${tool} not found`);
  });
  return [...new Set(reasons)].sort().map((reason) => {
    const count = reasons.filter((each) => each === reason).length;
    return `skipped: ${reason} (${count} ${count === 1 ? "test" : "tests"})`;
  });
}
