#!/bin/sh
# Writes what a released perfmon leaves in ~/.claude: sh make.sh PERFMON FOLDER. The binary
# records first, then the spool, of which the newest records still wait; the home is called /home/ada.
set -eu
old=$(realpath "$1") out=$2
HOME=$(mktemp -d) PATH=/usr/bin:/bin TZ=UTC
export HOME PATH TZ
trap 'rm -rf "$HOME"' EXIT
mkdir -p "$HOME/.claude" "$HOME/.local/bin"
cp "$old" "$HOME/.local/bin/perfmon"
PATH=$HOME/.local/bin:$PATH
log=$HOME/.claude/performance.csv
echo '{ "model": "opus" }' >"$HOME/.claude/settings.json"

# The installed hook of an event, fed as Claude Code does.
hook() {
  line=$(python3 -c 'import json, sys
hooks = json.load(open(sys.argv[1]))["hooks"][sys.argv[2]]
print(hooks[0]["hooks"][0]["command"])' "$HOME/.claude/settings.json" "$1")
  printf '%s\n' "$2" | CLAUDE_PID=$$ CLAUDE_CODE_SESSION_ID=7d1f20c4 \
    AI_AGENT=claude-code_2-1-330_agent sh -c "$line"
}

call() { # ID TOOL STATUS
  base='"session_id":"7d1f20c4","cwd":"/home/ada/api","tool_name":"'$2'","tool_use_id":"'$1'"'
  hook PreToolUse "{$base,\"hook_event_name\":\"PreToolUse\",\"tool_input\":{\"command\":\"true\"}}"
  if [ "$3" = ok ]; then
    hook PostToolUse "{$base,\"hook_event_name\":\"PostToolUse\",\"tool_input\":{\"command\":\"true\"},\"tool_response\":{\"stdout\":\"hi\",\"interrupted\":false},\"duration_ms\":24}"
  else
    hook PostToolUseFailure "{$base,\"hook_event_name\":\"PostToolUseFailure\",\"tool_input\":{\"command\":\"true\"},\"error\":\"Exit code 3\",\"duration_ms\":12}"
  fi
}

perfmon hooks install --max-lines 12 --keep 6 2>/dev/null
for id in 1 2 3 4 5 6 7 8; do call "toolu_$id" Bash ok; done
call toolu_9 Bash error
echo 'no JSON' | perfmon rec end 2>/dev/null
perfmon export prometheus >/dev/null
perfmon profile save may >/dev/null
perfmon hooks install --via spool --max-lines 12 --keep 6 2>/dev/null
call toolu_10 Read ok
perfmon rec drain
call toolu_11 Read ok
call toolu_12 Edit error

rm -rf "$out"
mkdir -p "$out"
cp -r "$HOME/.claude/." "$out"
find "$out" -type f -exec sed -i "s#$HOME#/home/ada#g" {} +
