import {
  type HookOptions,
  type Moment,
  optionsAt,
  type Way,
  writeCommand,
} from "./command_line.ts";

/** A version of Claude Code, e.g. `[2, 1, 330]`. */
export type ClientVersion = readonly [major: number, minor: number, patch: number];

interface RecordedEvent {
  readonly name: string;
  readonly moment: Moment;
  /** The tools whose calls are meant; subagent events are matched by agent type and go without. */
  readonly matcher?: string;
  /** The first version that is known to accept hooks of this event. */
  readonly since: ClientVersion;
  /** Whether nobody has to wait for the hook; at the end of a session it would be killed, though. */
  readonly isAsync?: true;
}

/**
 * The events that perfmon records. Clients before 2.1.101 void a settings file for one event that
 * they don't know, so `since` is the first published package whose list of events was seen to hold
 * the name, not the first that may: `cli.js` of @anthropic-ai/claude-code 2.0.37 has neither
 * SubagentStart nor PostToolUseFailure, 2.0.44 has the first, 2.0.56 both. By the changelog hooks
 * take a `timeout` since 1.0.41. SubagentStop is as old, but an end without its start tells nothing.
 * The drains' events are all in 1.0.128.
 */
const EVENTS: readonly RecordedEvent[] = [
  { name: "PreToolUse", moment: "start", matcher: "*", since: [1, 0, 41] },
  { name: "PostToolUse", moment: "end", matcher: "*", since: [1, 0, 41] },
  { name: "PostToolUseFailure", moment: "end", matcher: "*", since: [2, 0, 56] },
  { name: "SubagentStart", moment: "start", since: [2, 0, 44] },
  { name: "SubagentStop", moment: "end", since: [2, 0, 44] },
  { name: "SessionStart", moment: "drain", since: [1, 0, 128], isAsync: true },
  { name: "Stop", moment: "drain", since: [1, 0, 128], isAsync: true },
  { name: "SessionEnd", moment: "drain", since: [1, 0, 128] },
];

/** The first version whose published package was seen to know the hooks' `async` (1.0.128 does not). */
const ASYNC_SINCE: ClientVersion = [2, 1, 23];

/** The time, seconds, after which Claude Code ends a hook; in settings.json `timeout` has seconds. */
const TIMEOUT = 5;

/** A value of a JSON document. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of a JSON document. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One hook of a settings file: the event, the matcher of its group, and the entry as it stands there. */
export interface Registration {
  readonly event: string;
  readonly matcher?: string;
  readonly hook: JsonObject;
}

/** The hooks to install into a client of this version, or into a current one where it is unknown. */
export function wantedRegistrations(
  options: HookOptions,
  program?: string,
  version?: ClientVersion,
  way: Way = "binary",
): Registration[] {
  const via = way === "spool" ? { via: way } : {};
  return eventsOf(way).filter(({ since }) => isAtLeast(version, since))
    .map(({ name, moment, matcher, isAsync }) => {
      const path = program === undefined ? {} : { program };
      return {
        event: name,
        ...(matcher === undefined ? {} : { matcher }),
        hook: {
          type: "command",
          command: writeCommand({ moment, options: optionsAt(moment, options), ...via, ...path }),
          timeout: TIMEOUT,
          ...(isAsync && isAtLeast(version, ASYNC_SINCE) ? { async: true } : {}),
        },
      };
    });
}

/** The names of recorded events that a client of this version does not know. */
export function unknownEvents(version: ClientVersion | undefined, way: Way = "binary"): string[] {
  return eventsOf(way).filter(({ since }) => !isAtLeast(version, since)).map(({ name }) => name);
}

function eventsOf(way: Way): RecordedEvent[] {
  return EVENTS.filter(({ moment }) => way === "spool" || moment !== "drain");
}

/** The group that a registration stands in below its event when it is alone there. */
export function groupOf({ matcher, hook }: Registration): JsonObject {
  return matcher === undefined ? { hooks: [hook] } : { matcher, hooks: [hook] };
}

/** The version in the output of `claude --version`, e.g. `2.1.330 (Claude Code)`. */
export function parseClientVersion(output: string): ClientVersion | undefined {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(output);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** Whether a version is `since` or later; an unknown one counts as current. */
function isAtLeast(version: ClientVersion | undefined, since: ClientVersion): boolean {
  if (version === undefined) return true;
  const difference = version.map((part, i) => part - (since[i] ?? 0)).find((d) => d !== 0);
  return (difference ?? 0) >= 0;
}
