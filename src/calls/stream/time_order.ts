import { BusyTime } from "../busy_time.ts";

/** One of the calls in a `TimeOrder`. */
export class Ordered<Value> {
  left: Ordered<Value> | undefined;
  right: Ordered<Value> | undefined;
  priority = 0;
  /** What this one and all below it come to. */
  readonly all = new BusyTime();

  /**
   * @param time When it began, seconds since the epoch.
   * @param place Decides between calls that began at the same time; two of an order never have both in common.
   * @param end When it ended; NaN where it has not.
   */
  constructor(
    readonly value: Value,
    readonly time: number,
    readonly place: number,
    readonly end: number,
  ) {
    this.sum();
  }

  precedes(other: Ordered<unknown>): boolean {
    return this.time < other.time || this.time === other.time && this.place < other.place;
  }

  /** Works out `all` anew; returns itself. */
  sum(): this {
    this.all.clear();
    if (this.left !== undefined) this.all.add(this.left.all);
    this.all.addCall(this.time, this.end);
    if (this.right !== undefined) this.all.add(this.right.all);
    return this;
  }
}

/**
 * Calls in order of time. To add one, to remove one, and to ask for what comes before or after one
 * takes steps by the logarithm of their number: a treap, a search tree that is a heap by priorities as
 * good as random.
 */
export class TimeOrder<Value> {
  private root: Ordered<Value> | undefined;
  private added = 0;

  get isEmpty(): boolean {
    return this.root === undefined;
  }

  /** What all of the calls come to. */
  get busy(): BusyTime {
    return this.root?.all ?? new BusyTime();
  }

  add(call: Ordered<Value>): void {
    call.priority = mixed(++this.added);
    this.root = withCall(this.root, call);
  }

  delete(call: Ordered<Value>): void {
    this.root = withoutCall(this.root, call);
    call.left = call.right = undefined;
    call.sum();
  }

  /** What the calls before one come to. */
  before(call: Ordered<Value>): BusyTime {
    const busy = new BusyTime();
    for (let each = this.root; each !== undefined;) {
      if (!each.precedes(call)) {
        each = each.left;
        continue;
      }
      if (each.left !== undefined) busy.add(each.left.all);
      busy.addCall(each.time, each.end);
      each = each.right;
    }
    return busy;
  }

  /** The next one after a call. */
  after(call: Ordered<unknown>): Ordered<Value> | undefined {
    return this.first((each) => call.precedes(each));
  }

  /** The first one that began after a time. */
  firstAfter(time: number): Ordered<Value> | undefined {
    return this.first((each) => each.time > time);
  }

  /** The first one for which something is true that is so of all behind it, too. */
  private first(isSo: (call: Ordered<Value>) => boolean): Ordered<Value> | undefined {
    let found: Ordered<Value> | undefined;
    for (let each = this.root; each !== undefined;) {
      if (!isSo(each)) {
        each = each.right;
        continue;
      }
      found = each;
      each = each.left;
    }
    return found;
  }
}

type Tree<Value> = Ordered<Value> | undefined;

function withCall<Value>(tree: Tree<Value>, call: Ordered<Value>): Ordered<Value> {
  if (tree === undefined) return call;
  if (call.priority > tree.priority) {
    [call.left, call.right] = split(tree, call);
    return call.sum();
  }
  if (call.precedes(tree)) tree.left = withCall(tree.left, call);
  else tree.right = withCall(tree.right, call);
  return tree.sum();
}

/** What comes before a call, and what comes behind it. */
function split<Value>(tree: Tree<Value>, call: Ordered<Value>): [Tree<Value>, Tree<Value>] {
  if (tree === undefined) return [undefined, undefined];
  if (tree.precedes(call)) {
    const [before, behind] = split(tree.right, call);
    tree.right = before;
    return [tree.sum(), behind];
  }
  const [before, behind] = split(tree.left, call);
  tree.left = behind;
  return [before, tree.sum()];
}

function withoutCall<Value>(tree: Tree<Value>, call: Ordered<Value>): Tree<Value> {
  if (tree === undefined) return undefined;
  if (tree === call) return joined(tree.left, tree.right);
  if (call.precedes(tree)) tree.left = withoutCall(tree.left, call);
  else tree.right = withoutCall(tree.right, call);
  return tree.sum();
}

function joined<Value>(before: Tree<Value>, behind: Tree<Value>): Tree<Value> {
  if (before === undefined || behind === undefined) return before ?? behind;
  if (before.priority > behind.priority) {
    before.right = joined(before.right, behind);
    return before.sum();
  }
  behind.left = joined(before, behind.left);
  return behind.sum();
}

/** A number from 0 to 2³² that looks like a random one (the end of murmur3). */
function mixed(number: number): number {
  number = Math.imul(number ^ number >>> 16, 0x85ebca6b);
  number = Math.imul(number ^ number >>> 13, 0xc2b2ae35);
  return (number ^ number >>> 16) >>> 0;
}
