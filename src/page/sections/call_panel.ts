/// <reference lib="dom" />
import type { CallView } from "../../calls/call_columns.ts";
import { byId, element } from "../dom.ts";
import { callDetails } from "./call_details.ts";

/** What the panel's buttons do. */
export interface CallActions {
  readonly reveal: (call: CallView) => void;
  readonly close: () => void;
}

/** One call's details, over the page at its lower edge: who closes them is where they were. */
export class CallPanel {
  private readonly panel = byId("call");
  private shown: CallView | undefined;
  /** The button of a table that opened it, which gets the keyboard back. */
  private opener: HTMLElement | undefined;

  constructor(private readonly actions: CallActions) {
    addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.shown !== undefined) actions.close();
    });
  }

  show(call: CallView | undefined): void {
    if (call === this.shown) return;
    this.shown = call;
    this.panel.hidden = call === undefined;
    if (call === undefined) {
      this.panel.replaceChildren();
      this.opener?.focus({ preventScroll: true });
      this.opener = undefined;
      return;
    }
    const { activeElement } = document;
    const isFromTable = activeElement instanceof HTMLElement &&
      activeElement.closest("td") !== null;
    if (isFromTable) this.opener = activeElement;
    const button = (text: string, click: () => void, label?: string): HTMLElement =>
      element("button", { text, attributes: { type: "button", "aria-label": label }, click });
    this.panel.replaceChildren(callDetails(call, [
      button("On the timeline", () => this.actions.reveal(call)),
      button("Close", this.actions.close, "Close the call's details"),
    ]));
    if (isFromTable) this.panel.focus({ preventScroll: true });
  }
}
