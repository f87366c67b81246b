/** Bundles the dashboard's page: one HTML file, to which only the calls are still to be added. */
import { BundleError } from "./bundle_text.ts";

/** Its frame, with marks where the policy, the style and the script go. */
export const PAGE_FRAME = "src/page/page.html";

/**
 * Returns the page with its script and style inside, and a policy that allows these two by their hashes
 * and nothing else: no request, no other script, no text that is read as HTML. Throws
 * {@linkcode BundleError} where one of them would end too early in HTML.
 */
export async function assemblePage(frame: string, script: string, style: string): Promise<string> {
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new BundleError("The page's script or style would end too early in HTML");
  }
  const policy = await policyFor(script, style);
  return frame
    .replace("{{policy}}", () => policy)
    .replace("<style>", () => `<style>${style}`)
    .replace('<script type="module" async>', (tag) => tag + script);
}

async function policyFor(script: string, style: string): Promise<string> {
  return [
    "default-src 'none'",
    `script-src ${await hashFor(script)}`,
    `style-src ${await hashFor(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** Returns the hash of a text as a Content-Security-Policy names it. */
async function hashFor(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}
