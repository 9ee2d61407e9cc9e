import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsError } from "../../../api/aws-error.ts";
import type { Headers } from "../../../kernel/http.ts";
import { serializationException } from "../refusals.ts";

const inflate = promisify(gunzip);

/** What grows more than this is no request but an attack on memory. */
const maxRatio = 200;
/** Small bodies may grow to this whatever their ratio. */
const alwaysAllowedBytes = 1024 * 1024;

/** Whether the body of an RPC or REST request is gzip'd. Not for S3, to which the coding is the object's own. */
export function isGzipped(headers: Headers): boolean {
  const coding = headers["content-encoding"];
  return coding !== undefined && /(?:^|,)\s*(?:x-)?gzip\s*(?:,|$)/i.test(coding);
}

/**
 * The bytes that were compressed.
 * @throws {AwsError} 400 for what is no gzip, 413 when there would be more than `maxBytes`
 */
export async function gunzipBody(body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const limit = Math.min(maxBytes, Math.max(alwaysAllowedBytes, body.byteLength * maxRatio));
  try {
    return await inflate(body, { maxOutputLength: Math.max(limit, 1) });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw new AwsError({
        code: "RequestEntityTooLarge",
        message: `The decompressed request is larger than ${limit} bytes.`,
        status: 413,
      });
    }
    throw serializationException("The request body is not valid gzip");
  }
}
