/// <reference lib="dom" />
import type { CallView } from "../../calls/call_columns.ts";
import { formatDuration } from "../../text/units.ts";
import { element } from "../dom.ts";
import { formatMoment } from "../formats.ts";
import { statusOf } from "../sections/call_details.ts";
import { titleOf } from "../../summary/call_names.ts";
import type { PageTurn } from "../data/head.ts";
import { turnText } from "./turn_band.ts";

/** A place in a stage of some width, CSS pixels. */
export type Place = Readonly<Record<"x" | "y" | "width", number>>;

/** What is said of the call or the turn under the pointer. */
export class Tip {
  readonly element = element("div", { class: "tip", attributes: { "aria-hidden": "true" } });

  constructor() {
    this.hide();
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows a call, and how many others it hides. */
  showCall(call: CallView, hidden: number, place: Place): void {
    const more = hidden > 0 ? ` and ${hidden} more here: zoom in` : "";
    this.show(place, [
      element("strong", { text: titleOf(call) }),
      ` ${formatDuration(call.durationSeconds)}, ${statusOf(call)}${more}`,
      element("br"),
      formatMoment(call.startTime ?? call.endTime),
    ]);
  }

  /** Shows how the time of a turn went. */
  showTurn(turn: PageTurn, place: Place): void {
    this.show(place, [turnText(turn), element("br"), formatMoment(turn.from)]);
  }

  private show({ x, y, width }: Place, content: readonly (Node | string)[]): void {
    const tip = this.element;
    tip.hidden = false;
    tip.replaceChildren(...content);
    tip.style.left = `${Math.max(0, Math.min(x + 12, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 18}px`;
  }
}
