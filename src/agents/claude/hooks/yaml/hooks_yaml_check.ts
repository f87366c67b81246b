import { DESCRIPTION_KEYS } from "../description.ts";

type Value = Readonly<Record<string, unknown>>;

/**
 * Whether two readings of hooks.yaml say the same but for what a description says of one hook, which may be
 * new in the second one, with the lists that it needs.
 */
export function saysSame(before: unknown, after: unknown, name: string): boolean {
  return JSON.stringify(without(before, name)) === JSON.stringify(without(after, name));
}

function without(document: unknown, name: string): unknown {
  if (!isMap(document)) return document;
  const { hooks, ...rest } = document;
  return [rest, Array.isArray(hooks) ? listWithout(hooks, name) : mapWithout(hooks, name)];
}

/** Without lists that hold nothing: a new one may have been made, an empty one filled. */
function mapWithout(hooks: unknown, name: string): unknown {
  if (!isMap(hooks)) return hooks ?? [];
  const lists = Object.entries(hooks).map(([key, list]) =>
    [key, Array.isArray(list) ? listWithout(list, name) : list ?? []] as const
  ).filter(([, list]) => !(Array.isArray(list) && list.length === 0));
  return lists.length === 0 ? [] : lists;
}

function listWithout(list: readonly unknown[], name: string): unknown[] {
  return list.flatMap((hook) => {
    if (!isMap(hook) || hook["name"] !== name) return [hook];
    const others = Object.entries(hook).filter(([key]) =>
      !DESCRIPTION_KEYS.some((each) => each === key)
    );
    return others.length === 0 ? [] : [others];
  });
}

function isMap(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
