import type { ProcessPeak } from "../../row/sample.ts";
import { MemoryCourse } from "./memory_course.ts";

/** A process of a group, as it was at one look. */
export interface GroupMember {
  readonly pid: number;
  readonly command: string;
  /** Resident set, KiB. */
  readonly rss: number;
}

/** What a group asks of its processes besides. */
export interface MemberReader {
  /** The highest resident set that a process ever had, KiB; `undefined` where it has ended meanwhile. */
  highWaterMark(pid: number): number | undefined;
  /** Its proportional set, KiB; `undefined` where it can't be read. */
  proportionalSet(pid: number): number | undefined;
}

/** PSS is read again when the sum of RSS is so much higher: it takes fifty times as long as all else. */
const PSS_STEP = 1.03;
/** Within so much of the highest sum PSS counts as that of it. */
const NEAR_PEAK = 0.95;
/** Nothing is told of a group that was not looked at for so much of its life, and for longer than a while. */
const BLIND_SHARE = 0.1;

/** Of what begins a group: its first process, and whose it is. */
export interface GroupOrigin {
  /** The pid of its first process, and the id of its session. */
  readonly leader: number;
  /** When that began, seconds since boot, or since the epoch. */
  readonly since: number;
  /** The process that started it. */
  readonly client: number;
  /** Which command it runs, as a row says it; `undefined` where that can't be told. */
  readonly command: string | undefined;
}

/** The processes of one call, and what they came to so far. Times are seconds, all since the same moment. */
export class ProcessGroup {
  /** Whether its first process lives. */
  isLed = true;
  /** When that was last seen alive, and when it was first seen gone. */
  lastLed: number;
  firstUnled = Infinity;
  /** The processes that live, as of the last look. */
  living: readonly GroupMember[] = [];
  /** The sum of their resident sets, KiB. */
  rss = 0;
  /** That sum over time. */
  readonly course = new MemoryCourse();
  /** The highest sum at one moment, and the highest that one process ever had. */
  #highestSum = 0;
  #highestMark = 0;
  #process: string | undefined;
  #most = 0;
  /** PSS as it was last read, and the sum of RSS at that moment. */
  #pss: { readonly sum: number; readonly rss: number } | undefined;
  #lastLook: number;
  #lastSeen: number;
  #longestBlind = 0;

  /** @param blindSeconds How long that while is, seconds. */
  constructor(readonly origin: GroupOrigin, private readonly blindSeconds = 1) {
    this.lastLed = this.#lastLook = this.#lastSeen = origin.since;
  }

  /** Takes what a look at a moment found of its processes. */
  take(now: number, members: readonly GroupMember[], reader: MemberReader): void {
    this.#longestBlind = Math.max(this.#longestBlind, now - this.#lastLook);
    this.#lastLook = now;
    this.isLed = members.some(({ pid }) => pid === this.origin.leader);
    if (this.isLed) this.lastLed = now;
    else this.firstUnled = Math.min(this.firstUnled, now);
    this.living = members;
    this.rss = members.reduce((sum, { rss }) => sum + rss, 0);
    this.course.take(now, this.rss);
    if (members.length === 0) return;
    this.#lastSeen = now;
    this.#most = Math.max(this.#most, members.length);
    for (const { pid, command, rss } of members) {
      const mark = Math.max(rss, reader.highWaterMark(pid) ?? 0);
      if (mark <= this.#highestMark) continue;
      this.#highestMark = mark;
      // A program may put its arguments there: npm is called "npm i PACKAGE".
      this.#process = command.trim().split(/\s/, 1)[0];
    }
    if (this.rss <= this.#highestSum) return;
    this.#highestSum = this.rss;
    if (this.#pss === undefined || this.rss > PSS_STEP * this.#pss.rss) this.#readPss(reader);
  }

  #readPss(reader: MemberReader): void {
    let sum = 0;
    for (const { pid } of this.living) {
      const pss = reader.proportionalSet(pid);
      if (pss === undefined) return; // one that ended, or another person's: then the sum would lack it
      sum += pss;
    }
    this.#pss = { sum, rss: this.rss };
  }

  /**
   * What its processes came to, up to a moment; `undefined` where nothing was seen, or too little of the
   * time was looked at.
   */
  peak(until: number): ProcessPeak | undefined {
    if (this.#highestSum === 0) return undefined;
    const life = until - this.origin.since;
    const blind = Math.max(this.#longestBlind, Math.min(until, this.firstUnled) - this.#lastSeen);
    if (blind > this.blindSeconds && blind > BLIND_SHARE * life) return undefined;
    // PSS is part of RSS: where it is more, the processes grew while it was read.
    const peakRss = Math.max(this.#highestSum, this.#highestMark, this.#pss?.sum ?? 0);
    const isNear = this.#pss !== undefined && this.#pss.rss >= NEAR_PEAK * peakRss;
    return {
      peakRss,
      peakPss: isNear ? this.#pss?.sum : undefined,
      peakProcesses: this.#most,
      peakProcess: this.#process,
      processSeconds: Math.max(0, this.#lastSeen - this.origin.since),
    };
  }
}
