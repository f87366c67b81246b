/// <reference lib="dom" />
import type { Extent } from "./timeline_axis.ts";

/** What gestures on the timeline come to. Places are in CSS pixels from its left edge. */
export interface TimelineGestures {
  /** Makes what is shown `factor` times as wide, with `x` where it is. */
  zoom(factor: number, x: number): void;
  /** Moves what is shown by so many pixels. */
  pan(pixels: number): void;
  /** Shows what is between two places. */
  zoomTo(from: number, to: number): void;
  whole(): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  /** Selects the call before (-1) or after (1) the selected one. */
  step(direction: number): void;
  unselect(): void;
  /** Shows what a drag has marked so far. */
  mark(range: Extent | undefined): void;
  readonly width: number;
}

/** Pixels that a pointer may move and still click. */
const CLICK_SLACK = 4;
const KEY_PAN = 0.15;
const KEY_ZOOM = 1.5;

/**
 * Mouse: drag to zoom into a range, Shift and drag or a sideways wheel to pan, Ctrl (⌘) and wheel to zoom,
 * double click for the whole. Touch: one finger pans, two zoom. Keys: arrows, + and −, 0.
 */
export function listen(target: HTMLElement, gestures: TimelineGestures): void {
  listenToPointers(target, gestures);
  target.addEventListener("wheel", (event) => onWheel(event, target, gestures), { passive: false });
  target.addEventListener("dblclick", () => gestures.whole());
  target.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && onKey(event.key, gestures)) {
      event.preventDefault();
    }
  });
}

function onWheel(event: WheelEvent, target: HTMLElement, gestures: TimelineGestures): void {
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (event.ctrlKey || event.metaKey) {
    gestures.zoom(Math.exp(event.deltaY * 0.004), placeOf(event, target).x);
  } else if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
    gestures.pan(sideways);
  } else return;
  event.preventDefault();
}

function onKey(key: string, gestures: TimelineGestures): boolean {
  const { width } = gestures;
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => gestures.pan(-width * KEY_PAN),
    ArrowRight: () => gestures.pan(width * KEY_PAN),
    "+": () => gestures.zoom(1 / KEY_ZOOM, width / 2),
    "=": () => gestures.zoom(1 / KEY_ZOOM, width / 2),
    "-": () => gestures.zoom(KEY_ZOOM, width / 2),
    "0": () => gestures.whole(),
    Home: () => gestures.whole(),
    ArrowDown: () => gestures.step(1),
    ArrowUp: () => gestures.step(-1),
    Escape: () => gestures.unselect(),
  };
  const act = Object.hasOwn(actions, key) ? actions[key] : undefined;
  act?.();
  return act !== undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function placeOf(event: MouseEvent, target: HTMLElement): Place {
  const box = target.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function listenToPointers(target: HTMLElement, gestures: TimelineGestures): void {
  const down = new Map<number, Place>();
  let start: Place | undefined;
  let moved = false;
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const place = placeOf(event, target);
    down.set(event.pointerId, place);
    moved = down.size > 1;
    if (down.size === 1) start = place;
    target.setPointerCapture(event.pointerId);
  });
  target.addEventListener("pointermove", (event) => {
    const place = placeOf(event, target);
    const before = down.get(event.pointerId);
    if (before === undefined || start === undefined) return gestures.hover(place.x, place.y);
    if (!moved && !isDrag(place.x - start.x, place.y - start.y, event.pointerType)) return;
    moved = true;
    if (down.size === 2) pinch(down, event.pointerId, place, gestures);
    else if (event.pointerType !== "mouse" || event.shiftKey) gestures.pan(before.x - place.x);
    else gestures.mark(inOrder(start.x, place.x));
    down.set(event.pointerId, place);
  });
  const end = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId) || start === undefined) return;
    const place = placeOf(event, target);
    gestures.mark(undefined);
    if (event.type === "pointercancel") return;
    if (!moved) gestures.click(place.x, place.y);
    else if (event.pointerType === "mouse" && !event.shiftKey) {
      const { from, to } = inOrder(start.x, place.x);
      gestures.zoomTo(from, to);
    }
  };
  target.addEventListener("pointerup", end);
  target.addEventListener("pointercancel", end);
  target.addEventListener("pointerleave", () => gestures.leave());
}

/** A finger that goes down rather than sideways is about to scroll the page. */
function isDrag(x: number, y: number, pointer: string): boolean {
  return Math.hypot(x, y) >= CLICK_SLACK && (pointer === "mouse" || Math.abs(x) > Math.abs(y));
}

function inOrder(a: number, b: number): Extent {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

/** Two fingers: what was between them stays between them. */
function pinch(
  down: ReadonlyMap<number, Place>,
  pointer: number,
  place: Place,
  gestures: TimelineGestures,
): void {
  const before = down.get(pointer);
  const other = [...down].find(([id]) => id !== pointer)?.[1];
  if (before === undefined || other === undefined) return;
  const distance = Math.abs(place.x - other.x);
  gestures.pan((before.x - place.x) / 2);
  if (distance > 10) {
    gestures.zoom(Math.abs(before.x - other.x) / distance, (place.x + other.x) / 2);
  }
}
