import { createHash } from "node:crypto";
import { AwsError } from "../../../api/aws-error.ts";
import type { Headers } from "../../../kernel/http.ts";
import { badDigest } from "./aws-chunked.ts";
import { checksum, checksumAlgorithms } from "./checksum.ts";

interface Expectation {
  update(bytes: Uint8Array): void;
  /** Throws when the body was another one. */
  verify(): void;
}

/**
 * The chunks of a body, held to what `x-amz-checksum-*` and `Content-MD5` say of it. The refusal comes at the end, so a
 * handler commits nothing before it has read all.
 * @throws {AwsError} `BadDigest`; at once `InvalidDigest` or `InvalidRequest` for headers that are no checksums
 */
export function verifyChecksums(headers: Headers, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const expectations = expected(headers);
  return expectations.length === 0 ? chunks : verified(expectations, chunks);
}

/** The same for a body that is there already. */
export function requireChecksums(headers: Headers, body: Uint8Array): void {
  for (const expectation of expected(headers)) {
    expectation.update(body);
    expectation.verify();
  }
}

async function* verified(
  expectations: readonly Expectation[],
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (const expectation of expectations) expectation.update(chunk);
    yield chunk;
  }
  for (const expectation of expectations) expectation.verify();
}

const lengths = { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 } as const;

function expected(headers: Headers): Expectation[] {
  const expectations: Expectation[] = [];
  for (const algorithm of checksumAlgorithms) {
    const value = headers[`x-amz-checksum-${algorithm}`];
    if (value === undefined) continue;
    if (!isBase64Of(value, lengths[algorithm])) {
      const message = `Value for x-amz-checksum-${algorithm} header is invalid.`;
      throw new AwsError({ code: "InvalidRequest", message, status: 400 });
    }
    const sum = checksum(algorithm);
    expectations.push({
      update: (bytes) => sum.update(bytes),
      verify() {
        if (sum.digest() !== value) throw badDigest(algorithm);
      },
    });
  }
  const md5 = headers["content-md5"];
  if (md5 !== undefined) expectations.push(contentMd5(md5));
  return expectations;
}

function contentMd5(value: string): Expectation {
  if (!isBase64Of(value, 16)) {
    throw new AwsError({ code: "InvalidDigest", message: "The Content-MD5 you specified was invalid.", status: 400 });
  }
  const hash = createHash("md5");
  return {
    update: (bytes) => void hash.update(bytes),
    verify() {
      if (hash.digest("base64") === value) return;
      const message = "The Content-MD5 you specified did not match what we received.";
      throw new AwsError({ code: "BadDigest", message, status: 400 });
    },
  };
}

function isBase64Of(text: string, length: number): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.byteLength === length && bytes.toString("base64") === text;
}
