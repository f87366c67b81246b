/// <reference lib="dom" />
import { byId } from "./dom.ts";

/** Whatever a person does to move the page themselves. */
const OWN_MOVES = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * Brings sections below the bar of filters. Charts above a section get their height while the page is
 * drawn, so it is brought there again until the person moves.
 */
export class Landing {
  private target: HTMLElement | undefined;

  constructor() {
    const bar = byId("filters");
    const observer = new ResizeObserver(() => {
      const height = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
      document.documentElement.style.scrollPaddingTop = `calc(${height}px + 1rem)`;
      this.target?.scrollIntoView();
    });
    observer.observe(bar);
    observer.observe(document.body);
    keepRoom(byId("findings"));
    for (const move of OWN_MOVES) {
      addEventListener(move, () => this.target = undefined, { capture: true, passive: true });
    }
  }

  /** Leads to a section, and takes the keyboard there. */
  goTo(target: HTMLElement): void {
    this.target = target;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }
}

/** What has become lower leaves its room: a zoom would move the timeline below it from under the pointer. */
function keepRoom(target: HTMLElement): void {
  let [width, most] = [0, 0];
  new ResizeObserver(() => {
    if (target.offsetWidth !== width) most = 0;
    width = target.offsetWidth;
    target.style.minHeight = "";
    most = Math.max(most, target.getBoundingClientRect().height); // a part of a pixel counts
    target.style.minHeight = `${most}px`;
  }).observe(target);
}
