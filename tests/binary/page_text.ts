/** The text of a page's data, which lies in it compressed. */
export async function dataOf(page: string): Promise<string> {
  const texts = await Promise.all(
    Array.from(page.matchAll(/[A-Za-z0-9+/=]{200,}/g), async ([packed]) => {
      try {
        const bytes = new Blob([Uint8Array.fromBase64(packed)]).stream();
        return await new Response(bytes.pipeThrough(new DecompressionStream("deflate-raw"))).text();
      } catch {
        return "";
      }
    }),
  );
  return texts.join("\n");
}
