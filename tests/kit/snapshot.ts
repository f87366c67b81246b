/** Texts that a person sees, kept in `__snapshots__` beside the tests. */

/**
 * Checks a text, to the character, against the snapshot of this test. A snapshot that is missing is a
 * failure; `deno task test:snapshots` writes them all anew.
 */
export async function expectText(context: Deno.TestContext, text: string): Promise<void> {
  await context.assertSnapshot(text, { serializer: (each) => each });
}
