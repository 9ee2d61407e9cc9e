import { createHmac, hash, type KeyObject } from "node:crypto";
import { refuseSignature } from "./refusals.ts";
import { equalInConstantTime } from "./verify-signature.ts";

/** What the signature of the request's head promised of its chunks. */
export interface ChunkPromise {
  readonly key: KeyObject;
  /** The signature of the head, over which the first chunk is signed. */
  readonly seedSignature: string;
  /** `20150830T123600Z` */
  readonly signedAt: string;
  /** `20150830/us-east-1/s3/aws4_request` */
  readonly scope: string;
}

/** Verifies the chunks of one body in their order; each is signed over the signature before it. */
export interface ChunkVerifier {
  readonly verifyChunk: (signature: string, data: Uint8Array) => void;
  readonly verifyTrailer: (signature: string, canonical: string) => void;
}

const emptyHash = hash("sha256", "");

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
export function chunkVerifier(promise: ChunkPromise): ChunkVerifier {
  let previous = promise.seedSignature;
  const check = (kind: string, signature: string, digests: string) => {
    const text = `${kind}\n${promise.signedAt}\n${promise.scope}\n${previous}\n${digests}`;
    const expected = createHmac("sha256", promise.key).update(text).digest("hex");
    if (!equalInConstantTime(expected, signature)) throw refuseSignature("mismatch", "s3");
    previous = expected;
  };
  return {
    verifyChunk: (signature, data) =>
      check("AWS4-HMAC-SHA256-PAYLOAD", signature, `${emptyHash}\n${hash("sha256", data)}`),
    verifyTrailer: (signature, canonical) => check("AWS4-HMAC-SHA256-TRAILER", signature, hash("sha256", canonical)),
  };
}
