import type { Node } from "jsonc-parser";
import { readCommand } from "./command_line.ts";
import { HooksError } from "./errors.ts";
import { groupOf, type Json, type JsonObject, type Registration } from "./events.ts";
import {
  append,
  JsonSyntaxError,
  memberOf,
  parseJson,
  propertyOf,
  remove,
  replace,
  valueOf,
} from "./json_edit.ts";

/** A hook and its place in the text of a settings file. */
interface PlacedHook extends Registration {
  /** The entry itself; its parent is the group's `hooks` array. */
  readonly node: Node;
  readonly group: Node;
}

/**
 * The hooks of a settings file that this or an older perfmon installed, in the order of the file.
 * Throws a `HooksError` where the text is not a JSON object.
 */
export function installedHooks(text: string): Registration[] {
  return ourHooks(parseSettings(text).root).map(({ event, matcher, hook }) => ({
    event,
    ...(matcher === undefined ? {} : { matcher }),
    hook,
  }));
}

/** All hooks of a settings file, whoever put them there. Throws as `installedHooks`. */
export function allHooks(text: string): Registration[] {
  return placedHooks(parseSettings(text).root);
}

/** The value of a top-level key of a settings file, or `undefined`. Throws as `installedHooks`. */
export function settingOf(text: string, key: string): unknown {
  const node = memberOf(parseSettings(text).root, key);
  return node === undefined ? undefined : valueOf(node);
}

/**
 * The settings file with the wanted hooks in it and all else as it was: an entry of ours on a wanted
 * event gets the new command and `async`, one on another event goes, and an event without one gets a new
 * group.
 * Throws a `HooksError` where the text is not a JSON object or a key on the way has another type.
 */
export function withHooks(text: string, wanted: readonly Registration[]): string {
  let { bom, body } = parseSettings(text);
  const present = new Set<string>();
  for (const { event } of ourHooks(parseJson(body))) present.add(event);
  for (const event of present) {
    const hook = wanted.find((each) => each.event === event)?.hook;
    body = hook === undefined
      ? withoutEntries(body, (each) => each.event === event, undefined)
      : withHook(body, event, hook);
  }
  for (const registration of wanted) {
    if (!present.has(registration.event)) body = withGroup(body, registration);
  }
  return bom + body;
}

/**
 * The settings file without our hooks: each entry, then its group, event and `hooks` where nothing
 * else is left in them. An event or `hooks` that `before`, the file as it was before the first
 * install, had already stays, though empty. Throws as `installedHooks`.
 */
export function withoutHooks(text: string, before?: string): string {
  const { bom, body } = parseSettings(text);
  return bom + withoutEntries(body, () => true, before);
}

/** Matcher and timeout of the entries stay: they may be the person's. */
function withHook(body: string, event: string, hook: JsonObject): string {
  const places = (text: string): PlacedHook[] =>
    ourHooks(parseJson(text)).filter((each) => each.event === event);
  return places(body).reduce((before, _, index) => {
    const text = withMember(before, places(before)[index]?.node, "command", hook["command"]);
    return withMember(text, places(text)[index]?.node, "async", hook["async"]);
  }, body);
}

function withMember(text: string, node: Node | undefined, key: string, wanted?: Json): string {
  const property = propertyOf(node, key);
  if (node === undefined || wanted === undefined && property === undefined) return text;
  if (property === undefined) return append(text, node, wanted ?? null, key);
  const [, present] = property.children ?? [];
  if (wanted === undefined) return remove(text, property);
  return present === undefined ? text : replace(text, present, wanted);
}

function withGroup(body: string, registration: Registration): string {
  const root = parseJson(body);
  const { event } = registration;
  const group = groupOf(registration);
  const hooks = memberOf(root, "hooks");
  if (hooks === undefined) return append(body, root, { [event]: [group] }, "hooks");
  if (hooks.type !== "object") throw wrongType(body, hooks, `"hooks" an object`);
  const groups = memberOf(hooks, event);
  if (groups === undefined) return append(body, hooks, [group], event);
  if (groups.type !== "array") throw wrongType(body, groups, `"hooks.${event}" an array`);
  return append(body, groups, group);
}

/**
 * The settings file without the hooks whose command lines are meant, whoever put them there, and without
 * what they leave empty. Throws as `installedHooks`.
 */
export function withoutLines(text: string, isMeant: (line: string) => boolean): string {
  const { bom, body } = parseSettings(text);
  const isIt = ({ hook }: PlacedHook): boolean => isMeant(String(hook["command"]));
  return bom + withoutEntries(body, isIt, undefined, placedHooks);
}

function withoutEntries(
  body: string,
  isMeant: (hook: PlacedHook) => boolean,
  before: string | undefined,
  hooksIn: (root: Node) => PlacedHook[] = ourHooks,
): string {
  for (;;) {
    const root = parseJson(body);
    const hook = hooksIn(root).findLast(isMeant);
    if (hook === undefined) return body;
    body = remove(body, widestEmptied(hook, before));
  }
}

/**
 * The part of a settings file to take out with an entry: the entry, or the group, event or `hooks`
 * that it leaves empty.
 */
function widestEmptied({ event, node, group }: PlacedHook, before: string | undefined): Node {
  const isAlone = (child: Node): boolean => child.parent?.children?.length === 1;
  if (!isAlone(node)) return node;
  const groups = group.parent;
  if (groups?.parent === undefined || !isAlone(group)) return group;
  const hooksBefore = before === undefined ? undefined : hooksObject(before);
  if (propertyOf(hooksBefore, event) !== undefined) return group;
  const property = groups.parent;
  const whole = property.parent?.parent;
  return whole === undefined || !isAlone(property) || hooksBefore !== undefined ? property : whole;
}

function hooksObject(text: string): Node | undefined {
  try {
    return memberOf(parseSettings(text).root, "hooks");
  } catch (error) {
    if (error instanceof HooksError) return undefined;
    throw error;
  }
}

function ourHooks(root: Node): PlacedHook[] {
  return placedHooks(root).filter(({ hook }) => {
    const command = hook["command"];
    return hook["type"] === "command" && typeof command === "string" &&
      readCommand(command) !== undefined;
  });
}

function placedHooks(root: Node): PlacedHook[] {
  const events = memberOf(root, "hooks");
  if (events?.type !== "object") return [];
  return (events.children ?? []).flatMap((property) => {
    const event = String(property.children?.[0]?.value);
    return items(property.children?.[1]).flatMap((group) => {
      const matcher = memberOf(group, "matcher")?.value;
      return items(memberOf(group, "hooks")).filter((node) => node.type === "object")
        .map((node) => ({
          event,
          ...(typeof matcher === "string" ? { matcher } : {}),
          hook: valueOf(node) as JsonObject,
          node,
          group,
        }));
    });
  });
}

function items(node: Node | undefined): readonly Node[] {
  return node?.type === "array" ? node.children ?? [] : [];
}

/** The parts of a settings text; an empty file counts as `{}` and a line end. */
function parseSettings(text: string): { bom: string; body: string; root: Node } {
  const bom = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const given = text.slice(bom.length);
  const body = given.trim() === "" ? "{}\n" : given;
  const root = parseSettingsBody(body);
  if (root.type !== "object") throw new HooksError("Expected a JSON object at line 1", "data");
  return { bom, body, root };
}

function parseSettingsBody(body: string): Node {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new HooksError(error.message, "data");
  }
}

function wrongType(body: string, node: Node, expected: string): HooksError {
  const line = body.slice(0, node.offset).split("\n").length;
  return new HooksError(`Make ${expected} at line ${line}: it is ${describe(node)}`, "data");
}

function describe(node: Node): string {
  if (node.type === "null") return "null";
  return `${/^[ao]/.test(node.type) ? "an" : "a"} ${node.type}`;
}
