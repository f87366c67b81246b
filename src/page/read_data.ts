/// <reference lib="dom" />
import type { PageHead } from "./data/head.ts";
import type { PageColumns } from "./data/page_columns.ts";
import { decodeHead, decodePage } from "./data/page_data.ts";
import { byId } from "./dom.ts";

/** What the page says besides its calls. It stands before the script, which begins when it has been read. */
export async function readHead(): Promise<PageHead> {
  return decodeHead(await inflate("head"));
}

/** The page's calls, once the browser has read the file to its end. */
export async function readCalls(head: PageHead): Promise<PageColumns> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  }
  return decodePage({ head: new Uint8Array(), columns: await inflate("columns") }, head);
}

/** Bytes that an element holds in base64 and compressed. */
async function inflate(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([bytesOf(byId(id).textContent ?? "")]).stream();
  const bytes = compressed.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(bytes).arrayBuffer());
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  // Browsers before 2025 have only atob.
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
