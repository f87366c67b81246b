/** Texts that a person sees, kept in `__snapshots__` beside the tests. */

/**
 * Whether texts are to be written anew that are kept elsewhere: in the guide, in examples.
 * `deno task test … --update-snapshots` sets it.
 */
export const isUpdate: boolean = Deno.env.get("UPDATE_EXAMPLES") === "1";

/**
 * Checks a text, to the character, against the snapshot of this test. A snapshot that is missing is a
 * failure; `deno task test:snapshots` writes them all anew.
 */
export async function expectText(context: Deno.TestContext, text: string): Promise<void> {
  await context.assertSnapshot(text, { serializer: (each) => each });
}
