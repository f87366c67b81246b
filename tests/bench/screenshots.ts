/**
 * Screenshots of a page to look at: light, dark, the details of a call, a phone, print. Run it with
 * `deno run -A tests/bench/screenshots.ts PAGE FOLDER`. `examples/dashboard.png` is the first of them.
 */
import type { BrowserContextOptions } from "playwright-core";
import { TestBrowser } from "../kit/browser.ts";

interface Shot extends BrowserContextOptions {
  readonly fragment?: string;
  readonly media?: "print";
  readonly isWhole?: boolean;
}

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const SHOTS: Readonly<Record<string, Shot>> = {
  light: { viewport: { width: 1280, height: 1080 } },
  dark: { viewport: { width: 1280, height: 1080 }, colorScheme: "dark" },
  details: { fragment: "#call=12&wide=1", isWhole: true },
  phone: { ...PHONE, isWhole: true },
  print: { viewport: { width: 794, height: 1123 }, media: "print", isWhole: true },
};

const [file, folder] = Deno.args;
if (file === undefined || folder === undefined) {
  throw new Error("usage: screenshots.ts PAGE FOLDER");
}
await Deno.mkdir(folder, { recursive: true });
await using browser = await TestBrowser.launch();
for (const [name, { fragment, media, isWhole, ...options }] of Object.entries(SHOTS)) {
  await using opened = await browser.open(Deno.realPathSync(file), {
    fragment: fragment ?? "",
    ...options,
  });
  if (media !== undefined) await opened.page.emulateMedia({ media });
  await opened.page.screenshot({ path: `${folder}/${name}.png`, fullPage: isWhole === true });
  opened.expectClean();
}
