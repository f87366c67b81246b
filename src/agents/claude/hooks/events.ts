import {
  canAnswer,
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
}

/**
 * The events that perfmon records. Clients before 2.1.101 void a settings file for one event that
 * they don't know, so `since` is the first published package whose list of events was seen to hold
 * the name, not the first that may: `cli.js` of @anthropic-ai/claude-code 2.0.37 has neither
 * SubagentStart nor PostToolUseFailure, 2.0.44 has the first, 2.0.56 both; 2.0.44 has no hook for
 * PermissionRequest, 2.0.45 has; 2.1.77 has no StopFailure, 2.1.78 has. By the changelog hooks take a
 * `timeout` since 1.0.41. SubagentStop is as old, but an end without its start tells nothing. The
 * others are all in 1.0.128.
 */
const EVENTS: readonly RecordedEvent[] = [
  { name: "PreToolUse", moment: "start", matcher: "*", since: [1, 0, 41] },
  { name: "PostToolUse", moment: "end", matcher: "*", since: [1, 0, 41] },
  { name: "PostToolUseFailure", moment: "end", matcher: "*", since: [2, 0, 56] },
  { name: "SubagentStart", moment: "start", since: [2, 0, 44] },
  { name: "SubagentStop", moment: "end", since: [2, 0, 44] },
  { name: "UserPromptSubmit", moment: "event", since: [1, 0, 128] },
  { name: "PermissionRequest", moment: "event", matcher: "*", since: [2, 0, 45] },
  { name: "SessionStart", moment: "drain", since: [1, 0, 128] },
  { name: "Stop", moment: "event", since: [1, 0, 128] },
  { name: "StopFailure", moment: "event", since: [2, 1, 78] },
  { name: "SessionEnd", moment: "finish", since: [1, 0, 128] },
];

/**
 * The client that is taken for granted where its version is not known: hooks of PostToolUseFailure, which
 * are installed everywhere, void the settings of each older one already.
 */
const ASSUMED: ClientVersion = [2, 0, 56];

/** At the end of a turn the spool is drained, as 0.1.0 did it: that records the turn's end, too. */
const STOP_DRAIN: RecordedEvent = { name: "Stop", moment: "drain", since: [1, 0, 128] };

/**
 * The events whose hooks are waited for in any case: a client that is about to end (`claude -p`) does not
 * start those that are not.
 */
export const LAST_EVENTS: readonly string[] = ["Stop", "StopFailure", "SessionEnd"];

/**
 * The time, seconds, after which Claude Code ends a hook that it waits for; in settings.json `timeout` has
 * seconds. At a session's end it waits 1.5 s, or as long as the longest of these.
 */
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

/** How hooks are to be installed. */
export interface HookPlan {
  readonly options?: HookOptions;
  /** The perfmon that the hooks try before one on PATH. */
  readonly program?: string | undefined;
  /** The client's version; where it is unknown only events that 2.0.56 knows are installed. */
  readonly version?: ClientVersion | undefined;
  /** By what they record; `binary` unless told. */
  readonly way?: Way;
  /** Whether the client waits for all of them. Otherwise it waits for those that may answer it, alone. */
  readonly isWaitedFor?: boolean;
}

/** The hooks to install by a plan, in the order in which they go into a settings file. */
export function wantedRegistrations(plan: HookPlan): Registration[] {
  const { options = {}, program, way = "binary" } = plan;
  const via = way === "spool" ? { via: way } : {};
  return eventsOf(plan).filter((event) => isKnown(event, plan))
    .map(({ name, moment, matcher }) => {
      const given = optionsAt(moment, options);
      const isAsync = isAsyncAt(name, given, plan);
      const command = writeCommand({
        moment,
        options: given,
        // What a prompt says must not lie in the spool.
        ...(moment === "finish" || moment === "event" ? {} : via),
        ...(program === undefined ? {} : { program }),
        ...(isAsync ? { isAsync } : {}),
      });
      return {
        event: name,
        ...(matcher === undefined ? {} : { matcher }),
        hook: {
          type: "command",
          command,
          timeout: TIMEOUT,
          // Clients that don't know the key wait; nothing else changes for them.
          ...(isAsync ? { async: true } : {}),
        },
      };
    });
}

/** The names of all events that are recorded by a plan's way and layout, whatever its client knows. */
export function recordedEvents(plan: Pick<HookPlan, "way" | "options">): string[] {
  return eventsOf(plan).map(({ name }) => name);
}

/** The names of recorded events that the client of a plan does not know, or may not know. */
export function unknownEvents(plan: HookPlan): string[] {
  return eventsOf(plan).filter((event) => !isKnown(event, plan)).map(({ name }) => name);
}

/** What is not told without the hooks of an event; without others calls are. */
const TOLD_BY: Readonly<Record<string, string>> = {
  UserPromptSubmit: "turns and the model's time",
  PermissionRequest: "permission prompts",
  Stop: "when a turn ended",
  StopFailure: "when a turn ended that an error of the API broke off",
};

/** What is not told without the hooks of these events, in a few words. */
export function untoldWithout(events: readonly string[]): string {
  return events.map((event) => TOLD_BY[event] ?? `the calls of ${event}`).join(", ");
}

function isKnown({ since }: RecordedEvent, { version = ASSUMED }: HookPlan): boolean {
  return isAtLeast(version, since);
}

/** A hook that may answer has to be waited for: what an async one prints goes to the model. */
function isAsyncAt(name: string, options: HookOptions, { isWaitedFor }: HookPlan): boolean {
  if (name === "SessionStart") return true; // it records nothing
  return isWaitedFor !== true && !LAST_EVENTS.includes(name) && !canAnswer(options);
}

function eventsOf({ way = "binary", options = {} }: HookPlan): RecordedEvent[] {
  const events = EVENTS.map((event) =>
    way === "spool" && event.name === STOP_DRAIN.name ? STOP_DRAIN : event
  );
  // The seed's format has no place for what is no call's.
  const hasEvents = options.layout !== "basic";
  return events.filter(({ moment }) =>
    (way === "spool" || moment !== "drain") && (hasEvents || moment !== "event")
  );
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

/** Whether a version is `since` or later. */
function isAtLeast(version: ClientVersion, since: ClientVersion): boolean {
  const difference = version.map((part, i) => part - (since[i] ?? 0)).find((d) => d !== 0);
  return (difference ?? 0) >= 0;
}
