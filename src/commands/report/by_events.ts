/** What a report can be by besides groups of calls. */
export const BY_EVENTS = ["turn", "permission"] as const;

export type ByEvents = typeof BY_EVENTS[number];
