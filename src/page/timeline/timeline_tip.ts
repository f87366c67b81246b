/// <reference lib="dom" />
import type { CallView } from "../../calls/call_columns.ts";
import { formatDuration } from "../../text/units.ts";
import { element } from "../dom.ts";
import { formatMoment } from "../formats.ts";
import { statusOf } from "../sections/call_details.ts";
import { titleOf } from "../../summary/call_names.ts";

/** What is said of the call under the pointer. */
export class Tip {
  readonly element = element("div", { class: "tip", attributes: { "aria-hidden": "true" } });

  constructor() {
    this.hide();
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows a call, and how many others it hides, beside a place in a stage of some width, CSS pixels. */
  show(
    call: CallView,
    hidden: number,
    { x, y, width }: Readonly<Record<"x" | "y" | "width", number>>,
  ): void {
    const tip = this.element;
    tip.hidden = false;
    const more = hidden > 0 ? ` and ${hidden} more here: zoom in` : "";
    tip.replaceChildren(
      element("strong", { text: titleOf(call) }),
      ` ${formatDuration(call.durationSeconds)}, ${statusOf(call)}${more}`,
      element("br"),
      formatMoment(call.startTime ?? call.endTime),
    );
    tip.style.left = `${Math.max(0, Math.min(x + 12, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 18}px`;
  }
}
