/// <reference lib="dom" />
/** Debian's Chromium, driven through its own protocol by playwright-core. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import axe, { type AxeResults } from "axe-core";
import { assertEquals } from "../std/std_assert.ts";
import { expectExit, perfmon } from "./perfmon.ts";
import { PATIENCE_MS } from "./waits.ts";

/** A log of 130 calls in three sessions. */
export const SAMPLE_LOG = `${import.meta.dirname}/../../examples/performance.csv`;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Writes the page of a log and returns its path. */
export async function makePage(folder: string, log: string, ...flags: string[]): Promise<string> {
  const page = `${folder}/page.html`;
  const args = ["dashboard", "--all", "--file", log, "-o", page, ...flags];
  expectExit(await perfmon(args), 0);
  return page;
}

/** The control of the page's filter with this label. */
export function filter(label: string): string {
  return `#filters label:has(> span:text-is("${label}")) select`;
}

interface OpenOptions extends BrowserContextOptions {
  readonly fragment?: string;
  /** False for a page that is not going to be drawn. */
  readonly isReady?: boolean;
}

/** A browser with an empty profile of its own, closed at the end of the block. */
export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<TestBrowser> {
    return new TestBrowser(
      await chromium.launch({
        executablePath: "/usr/bin/chromium",
        headless: true,
        args: FLAGS,
        timeout: PATIENCE_MS,
      }),
    );
  }

  /** Opens a file in a window of its own, and waits until the page has drawn all that it shows. */
  async open(
    file: string,
    { fragment = "", isReady = true, ...options }: OpenOptions = {},
  ): Promise<TestPage> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en-GB",
      timezoneId: "UTC",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = new TestPage(await context.newPage(), isReady);
    await opened.page.goto(`file://${file}${fragment}`);
    await opened.ready();
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

type Place = readonly [x: number, y: number];

/** An open page, and what went wrong in it. */
export class TestPage {
  readonly problems: string[] = [];
  readonly requests: string[] = [];

  constructor(readonly page: Page, private readonly isReady: boolean) {
    page.on("console", (message) => this.problems.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) this.requests.push(request.url());
    });
  }

  /** Waits until all that the last step has changed is drawn: what is not on the screen comes a little later. */
  async ready(): Promise<void> {
    if (this.isReady) await this.page.waitForSelector("html[data-ready]");
  }

  /** Does what gives the page another fragment, as a link does, and waits until the page has followed it: it hears of that a moment later. */
  async follow(step: () => Promise<unknown>): Promise<void> {
    await this.page.evaluate(() => {
      const { dataset } = document.documentElement;
      delete dataset["followed"];
      addEventListener("hashchange", () => dataset["followed"] = "true", { once: true });
    });
    await step();
    await this.page.waitForSelector("html[data-followed]");
    await this.ready();
  }

  /** Waits until the page's address has this in it. */
  async address(part: string): Promise<void> {
    await this.page.waitForURL((url) => url.href.includes(part));
  }

  /** The id of what has the keyboard. */
  async focused(): Promise<string> {
    return await this.page.evaluate(() => document.activeElement?.id ?? "");
  }

  /** The text of the first element that a selector finds. */
  async text(selector: string): Promise<string> {
    await this.ready();
    return await this.page.textContent(selector) ?? "";
  }

  /** The texts of all elements that a selector finds. */
  async texts(selector: string): Promise<string[]> {
    await this.ready();
    return await this.page.locator(selector).allTextContents();
  }

  /** How many elements a selector finds. */
  async count(selector: string): Promise<number> {
    await this.ready();
    return await this.page.locator(selector).count();
  }

  /** An attribute of the first element that a selector finds. */
  async attribute(selector: string, name: string): Promise<string | null> {
    await this.ready();
    return await this.page.getAttribute(selector, name);
  }

  /** How many pixels of a canvas have been drawn on. */
  async inked(selector: string): Promise<number> {
    await this.ready();
    return await this.page.locator(selector).first().evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext("2d");
      const pixels = context?.getImageData(0, 0, width, height).data ?? [];
      let count = 0;
      for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 0) count++;
      return count;
    });
  }

  /** Fingers go from places to others, in steps as a hand does it; CSS pixels. */
  async fingers(from: readonly Place[], to: readonly Place[]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const steps = 8;
    const points = (step: number): { x: number; y: number; id: number }[] =>
      from.map(([x, y], id) => {
        const [endX, endY] = to[id] ?? [x, y];
        return { x: x + (endX - x) * step / steps, y: y + (endY - y) * step / steps, id };
      });
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(0) });
    for (let step = 1; step <= steps; step++) {
      await session.send("Input.dispatchTouchEvent", {
        type: "touchMove",
        touchPoints: points(step),
      });
    }
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await session.detach();
  }

  /** What axe-core finds against WCAG 2.2 AA and good practice: `RULE: ELEMENT, ELEMENT`. */
  async accessibilityFaults(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<AxeResults>("axe.run(document)");
    return violations.map(({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes.map(({ target }) => target.join(" ")).join(", ")}`
    );
  }

  /** Nothing went wrong, and nothing but the page itself was loaded. */
  expectClean(): void {
    assertEquals(this.problems, []);
    assertEquals(new Set(this.requests).size, 1, this.requests.join("\n"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
