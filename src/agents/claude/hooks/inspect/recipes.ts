/**
 * The shell pipelines that perfmon replaces, to the letter; bash runs them. They measure the hook's
 * own shell. Collections of hooks have them, too.
 */
export const SEED_RECIPES: Readonly<Record<"start" | "end", string>> = {
  start:
    'echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,start" >> ~/.claude/performance.csv',
  end:
    'echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,end" >> ~/.claude/performance.csv; if [[ $(wc -l < ~/.claude/performance.csv) -gt 1000 ]]; then tail -n 500 ~/.claude/performance.csv > ~/.claude/performance.csv.tmp && mv ~/.claude/performance.csv.tmp ~/.claude/performance.csv; fi',
};

const LINES: ReadonlySet<string> = new Set(Object.values(SEED_RECIPES).map(withoutBlanks));

/** Whether a hook's line is one of the recipes, up to white space. */
export function isRecipe(line: string): boolean {
  return LINES.has(withoutBlanks(line));
}

/** Whether a hook's line is made from a recipe: it writes what `ps` says into a file called as the log is. */
export function isLikeRecipe(line: string): boolean {
  return !isRecipe(line) && /\bps\b/.test(line) && />>\s*\S*performance\.csv/.test(line);
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, "");
}
