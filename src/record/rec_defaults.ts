import type { AlertThresholds } from "./alert_thresholds.ts";
import type { Layout } from "../row/columns.ts";
import type { EventKind } from "../row/sample.ts";

/** What `perfmon rec` was asked for. */
export interface RecOptions {
  readonly event?: EventKind;
  readonly tool?: string;
  readonly pid?: number;
  readonly file?: string;
  readonly layout: Layout;
  readonly params: boolean;
  readonly maxLines: number;
  readonly keep: number;
  readonly history: string;
  readonly strict: boolean;
  /** What to tell the person of, at the end of a call; usually nothing. */
  readonly alerts?: AlertThresholds;
}

/** Defaults: the seed's rotation, and the history that .github/ARCHITECTURE.md gives. */
export const REC_DEFAULTS: RecOptions = {
  layout: "full",
  params: false,
  maxLines: 1000,
  keep: 500,
  history: "90d",
  strict: false,
};

/** Options as read from arguments, and sentences about what could not be used of them. */
export interface ParsedOptions {
  readonly options: RecOptions;
  readonly problems: string[];
}
