import { createHmac, hash, timingSafeEqual, type KeyObject } from "node:crypto";
import { canonicalRequest, type PathStyle, type SignedParts } from "./canonical-request.ts";
import type { Signature } from "./signature.ts";

/** Either the signature is right, or what it should have been made over, so that the client's author can compare. */
export type SignatureCheck =
  | { readonly valid: true }
  | { readonly valid: false; readonly canonicalRequest: string; readonly stringToSign: string };

/** Checks a signature made with `key` over the request. `payloadHash` is what the request says of its body, or the body's SHA-256. */
export function verifySignature(
  signature: Signature,
  request: SignedParts,
  payloadHash: string,
  style: PathStyle,
  key: KeyObject,
): SignatureCheck {
  const canonical = canonicalRequest(request, signature.signedHeaders, payloadHash, style);
  // Header values hold one char per byte.
  const digest = hash("sha256", Buffer.from(canonical, "latin1"));
  const stringToSign = `AWS4-HMAC-SHA256\n${signature.signedAt}\n${signature.date}/${signature.region}/${signature.service}/aws4_request\n${digest}`;
  const expected = createHmac("sha256", key).update(stringToSign).digest("hex");
  return equalInConstantTime(expected, signature.signature)
    ? { valid: true }
    : { valid: false, canonicalRequest: canonical, stringToSign };
}

/** Compares texts without telling by its duration where they differ. Their lengths are no secret. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a, "utf8");
  const right = Buffer.from(b, "utf8");
  return left.length === right.length && timingSafeEqual(left, right);
}
