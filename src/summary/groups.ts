import type { CallColumns } from "../calls/call_columns.ts";
import type { Group, GroupRule } from "./summary.ts";

/** Calls in groups. */
export class Groups {
  /** By the group's number. */
  readonly groups: readonly Group[];
  /** How many calls each has. */
  readonly sizes: Int32Array;
  /** The number of each call's group, by its place in `indices`. */
  readonly numbers: Int32Array;
  private all: readonly Int32Array[] | undefined;

  /**
   * Groups of one name and different kinds are different groups.
   *
   * @param indices The calls, in order of time.
   */
  constructor(columns: CallColumns, readonly indices: Int32Array, rule: GroupRule) {
    const { numbers: keys, count } = rule.keysOf(columns);
    const groups: Group[] = [];
    const byName = new Map<string, number>();
    const byKey = new Int32Array(count).fill(-1);
    this.numbers = new Int32Array(indices.length);
    for (let at = 0; at < indices.length; at++) {
      const key = keys[indices[at]!]!;
      if (byKey[key]! < 0) {
        const group = rule.groupOf(columns.call(indices[at]!));
        const name = `${group.kind} ${group.name}`;
        const number = byName.get(name) ?? groups.push(group) - 1;
        byName.set(name, number);
        byKey[key] = number;
      }
      this.numbers[at] = byKey[key]!;
    }
    this.groups = groups;
    this.sizes = new Int32Array(groups.length);
    for (let at = 0; at < indices.length; at++) this.sizes[this.numbers[at]!]!++;
  }

  /** The calls of a group, in order of time; few figures need them. */
  members(group: number): Int32Array {
    return (this.all ??= this.divide())[group]!;
  }

  private divide(): Int32Array[] {
    const members = Array.from(this.sizes, (size) => new Int32Array(size));
    const filled = new Int32Array(members.length);
    for (let at = 0; at < this.indices.length; at++) {
      const number = this.numbers[at]!;
      members[number]![filled[number]!++] = this.indices[at]!;
    }
    return members;
  }
}
