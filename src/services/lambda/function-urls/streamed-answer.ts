import { concatBytes, decodeUtf8 } from "../../../base/bytes.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { readHead } from "./url-answer.ts";

/** What `awslambda.HttpResponseStream.from` makes: JSON with status and headers, eight zero bytes, the body. */
const integrationType = "application/vnd.awslambda.http-integration-response";
const separatorBytes = 8;
/** AWS names no limit for the part before the separator; this one bounds what is kept in memory. */
const maxHeadBytes = 65_536;

/** The HTTP answer for one that a function streams. Undefined where its beginning cannot be read. */
export async function readStreamedAnswer(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
): Promise<HttpResponse | undefined> {
  if (contentType !== integrationType) return { status: 200, headers: [["content-type", contentType]], body };
  const chunks = body[Symbol.asyncIterator]();
  let begun: Uint8Array = new Uint8Array(0);
  for (;;) {
    const end = separatorAt(begun);
    if (end >= 0) {
      const head = parseHead(begun.subarray(0, end));
      if (!head) await chunks.return?.();
      return head && { ...head, body: rest(begun.subarray(end + separatorBytes), chunks) };
    }
    const next = begun.byteLength > maxHeadBytes ? undefined : await chunks.next();
    if (!next || next.done) {
      await chunks.return?.();
      return undefined;
    }
    begun = concatBytes([begun, next.value]);
  }
}

function separatorAt(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(Buffer.alloc(separatorBytes));
}

function parseHead(bytes: Uint8Array): ReturnType<typeof readHead> {
  try {
    return readHead(JSON.parse(decodeUtf8(bytes) ?? ""));
  } catch {
    return undefined;
  }
}

async function* rest(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.byteLength > 0) yield first;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
