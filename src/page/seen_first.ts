/// <reference lib="dom" />
import { byId } from "./dom.ts";

/** What brings a section up to date, by the section's id. */
export type Updates = Readonly<Record<string, () => void>>;

/** Brings sections up to date: those that are on the screen at once, the others after the next frame. */
export class SeenFirst {
  private readonly seen: Set<string>;
  private waiting: Updates = {};
  private observer: IntersectionObserver | undefined;

  /**
   * @param ids Of those that are taken to be on the screen as long as nothing is known.
   * @param second Of those that follow in the next frame though they are on the screen, but for the first time.
   */
  constructor(ids: readonly string[], private readonly second: readonly string[] = []) {
    this.seen = new Set(ids);
  }

  update(updates: Updates): void {
    this.waiting = { ...this.waiting, ...updates };
    const isFirst = this.observer === undefined;
    if (isFirst) this.observe(Object.keys(updates));
    this.run((id) => this.seen.has(id) && (isFirst || !this.second.includes(id)));
    if (Object.keys(this.waiting).length === 0) return this.tell();
    delete document.documentElement.dataset["ready"];
    requestAnimationFrame(() => setTimeout(() => this.finish()));
  }

  /** Does all that is left, now. */
  finish(): void {
    this.run(() => true);
    this.tell();
  }

  private run(isWanted: (id: string) => boolean): void {
    for (const [id, update] of Object.entries(this.waiting)) {
      if (!isWanted(id)) continue;
      const { [id]: _, ...rest } = this.waiting;
      this.waiting = rest;
      update();
    }
  }

  /** Tests and benchmarks wait for it. */
  private tell(): void {
    document.documentElement.dataset["ready"] = "true";
  }

  private observe(ids: readonly string[]): void {
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.seen.add(target.id);
        else this.seen.delete(target.id);
      }
      this.run((id) => this.seen.has(id));
    });
    for (const id of ids) this.observer.observe(byId(id));
  }
}
