import { createHash } from "node:crypto";
import { AwsError } from "../api/aws-error.ts";
import { readAll } from "../base/bytes.ts";
import type { Headers } from "../kernel/http.ts";
import type { PayloadPromise } from "./authenticate.ts";
import { chunkedKind, chunkedOptions, decodeAwsChunked } from "./protocols/content-coding/aws-chunked.ts";
import { gunzipBody, isGzipped } from "./protocols/content-coding/gunzip.ts";
import { chunkVerifier } from "./sigv4/chunk-signatures.ts";
import { refuseSignature } from "./sigv4/refusals.ts";
import type { WireRequest } from "./wire-request.ts";

/** The body of an operation that takes it whole, with content codings undone; a promise only where there are any. */
export function receiveWhole(
  service: string,
  headers: Headers,
  body: Uint8Array,
  promise: PayloadPromise | undefined,
  limit: number,
): Uint8Array | Promise<Uint8Array> {
  if (headers["content-encoding"] === undefined && promise === undefined) {
    if (headers["x-amz-content-sha256"]?.startsWith("STREAMING-") !== true) return body;
  }
  return undoCodings(service, headers, body, promise, limit);
}

async function undoCodings(
  service: string,
  headers: Headers,
  body: Uint8Array,
  promise: PayloadPromise | undefined,
  limit: number,
): Promise<Uint8Array> {
  let whole = body;
  if (chunkedKind(headers) !== undefined) whole = await readAll(unchunk(headers, [body], promise), limit, tooLarge);
  // To S3 the coding is the object's own.
  return service !== "s3" && isGzipped(headers) ? gunzipBody(whole, limit) : whole;
}

/** The body of an operation that streams: bounded, held to what the signature promised, aws-chunked undone. */
export function receiveStream(
  request: WireRequest,
  promise: PayloadPromise | undefined,
  limit: number,
): AsyncIterable<Uint8Array> {
  const bounded = bound(request.chunks(), limit);
  if (chunkedKind(request.headers) !== undefined) return unchunk(request.headers, bounded, promise);
  return promise?.kind === "sha256" ? holdToHash(bounded, promise) : bounded;
}

function unchunk(
  headers: Headers,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  promise: PayloadPromise | undefined,
): AsyncIterable<Uint8Array> {
  return decodeAwsChunked(Symbol.asyncIterator in body ? body : asAsync(body), {
    ...chunkedOptions(headers),
    ...(promise?.kind === "chunks" ? chunkVerifier(promise) : {}),
  });
}

async function* asAsync(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* bound(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
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

function tooLarge(): AwsError {
  return new AwsError({
    code: "EntityTooLarge",
    status: 400,
    message: "Your proposed upload exceeds the maximum allowed size",
  });
}
