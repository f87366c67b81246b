/**
 * The shell pipelines that perfmon replaces, to the letter; bash runs them. They measure the hook's
 * own shell.
 */
export const SEED_RECIPES: Readonly<Record<"start" | "end", string>> = {
  start:
    'echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,start" >> ~/.claude/performance.csv',
  end:
    'echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,end" >> ~/.claude/performance.csv; if [[ $(wc -l < ~/.claude/performance.csv) -gt 1000 ]]; then tail -n 500 ~/.claude/performance.csv > ~/.claude/performance.csv.tmp && mv ~/.claude/performance.csv.tmp ~/.claude/performance.csv; fi',
};
