import type { Endpoint } from "../../../kernel/service.ts";

/** Where GetFunction's `Code.Location` points: the package as it was uploaded. */
export const packageEndpoint: Endpoint = {
  handle: async (request, match, ctx) => {
    if (request.method !== "GET") return { status: 405, headers: [["allow", "GET"]] };
    const body = ctx.blobs.get(match["blob"]!);
    // The first chunk is asked for at once, so that a missing package is a 404 and not a broken answer.
    const chunks = body[Symbol.asyncIterator]();
    try {
      const first = await chunks.next();
      return { status: 200, headers: [["content-type", "application/zip"]], body: chain(first, chunks) };
    } catch (error) {
      if ((error as Error).name === "BlobMissingError")
        return { status: 404, headers: [["content-type", "text/plain"]], body: "There is no such package.\n" };
      throw error;
    }
  },
};

async function* chain(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}
