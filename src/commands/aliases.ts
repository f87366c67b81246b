/** What people type for a command that is called otherwise here. */
const ALIASES: readonly (readonly [typed: string, meant: string])[] = [
  ["version", "--version"],
  ["install", "hooks install"],
  ["uninstall", "hooks remove"],
  ["hooks uninstall", "hooks remove"],
  ["hooks status", "status"],
  ["live", "top --live"],
  ["watch", "top --live"],
];

/** The arguments with the command's own name in place of what is typed for it; `help` is `--help` behind the rest. */
export function withOwnNames(args: readonly string[]): readonly string[] {
  if (args[0] === "help") return [...args.slice(1), "--help"];
  if (args[1] === "help") return [args[0]!, ...args.slice(2), "--help"];
  for (const [typed, meant] of ALIASES) {
    const words = typed.split(" ");
    if (words.every((word, place) => args[place] === word)) {
      return [...meant.split(" "), ...args.slice(words.length)];
    }
  }
  return args;
}
