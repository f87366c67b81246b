type Members = Readonly<Record<string, unknown>>;

/**
 * What a tool was asked to do, as a line of a transcript of Claude Code has it; `undefined` where the line is not that
 * call's.
 */
export function inputOf(line: string, toolUseId: string): unknown {
  if (!line.includes(toolUseId) || !line.includes('"tool_use"')) return undefined;
  try {
    const content = members(members(JSON.parse(line))?.["message"])?.["content"];
    if (!Array.isArray(content)) return undefined;
    const block = content.map(members).find((each) =>
      each?.["type"] === "tool_use" && each["id"] === toolUseId
    );
    return block?.["input"];
  } catch {
    return undefined;
  }
}

function members(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null ? value as Members : undefined;
}
