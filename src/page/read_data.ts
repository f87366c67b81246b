/// <reference lib="dom" />
import { decodePage } from "../dashboard/page_data.ts";
import type { PageCalls } from "../dashboard/page_call.ts";

/** The page's calls out of base64 of compressed bytes. */
export async function readData(base64: string): Promise<PageCalls> {
  const compressed = new Blob([bytesOf(base64)]).stream();
  const bytes = compressed.pipeThrough(new DecompressionStream("deflate-raw"));
  return decodePage(new Uint8Array(await new Response(bytes).arrayBuffer()));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
