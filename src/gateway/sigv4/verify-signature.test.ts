import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import type { SignedParts } from "./canonical-request.ts";
import { chunkVerifier } from "./chunk-signatures.ts";
import { findSignature } from "./signature.ts";
import { deriveSigningKey } from "./signing-key.ts";
import { equalInConstantTime, verifySignature } from "./verify-signature.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const key = deriveSigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3");
const credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const date = "20130524T000000Z";
const nothing = hash("sha256", "");

function request(method: string, path: string, query: string, headers: Record<string, string>): SignedParts {
  return { method, path, query, headers, rawHeaders: Object.entries(headers) };
}

function check(parts: SignedParts, signature: string): boolean {
  const names = Object.keys(parts.headers).toSorted().join(";");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`;
  const found = findSignature({ ...parts.headers, authorization }, parts.query)!;
  return verifySignature(found, parts, parts.headers["x-amz-content-sha256"]!, "s3", key).valid;
}

describe("S3's published examples", () => {
  const host = "examplebucket.s3.amazonaws.com";
  const empty = { host, "x-amz-content-sha256": nothing, "x-amz-date": date };

  it.each<[string, SignedParts, string]>([
    [
      "an object's range",
      request("GET", "/test.txt", "", { ...empty, range: "bytes=0-9" }),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "an object whose name needs escapes",
      request("PUT", "/test%24file.text", "", {
        ...empty,
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": hash("sha256", "Welcome to Amazon S3."),
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      }),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "the same name sent without escapes",
      request("PUT", "/test$file.text", "", {
        ...empty,
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": hash("sha256", "Welcome to Amazon S3."),
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      }),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "a parameter without value",
      request("GET", "/", "lifecycle", empty),
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "two parameters",
      request("GET", "/", "max-keys=2&prefix=J", empty),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
    [
      "parameters in another order",
      request("GET", "/", "prefix=J&max-keys=2", empty),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("%s", (_name, parts, signature) => {
    expect(check(parts, signature)).toBe(true);
    expect(check({ ...parts, method: "DELETE" }, signature)).toBe(false);
  });

  it("a presigned URL", () => {
    const query =
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Date=${date}` +
      "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    const parts = request("GET", "/test.txt", query, { host });
    const signature = findSignature(parts.headers, query)!;
    expect(signature).toMatchObject({ form: "query", expiresSeconds: 86_400, malformed: undefined });
    expect(verifySignature(signature, parts, "UNSIGNED-PAYLOAD", "s3", key)).toEqual({ valid: true });
    const other = { ...parts, query: query.replace("86400", "86401") };
    expect(verifySignature(signature, other, "UNSIGNED-PAYLOAD", "s3", key).valid).toBe(false);
  });

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
  it("chunks that are signed one after the other", () => {
    const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    const parts = request("PUT", "/examplebucket/chunkObject.txt", "", {
      host: "s3.amazonaws.com",
      "content-encoding": "aws-chunked",
      "content-length": "66824",
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "x-amz-date": date,
      "x-amz-decoded-content-length": "66560",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    });
    expect(check(parts, seed)).toBe(true);
    const chunks: [string, number][] = [
      ["ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648", 65_536],
      ["0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497", 1024],
      ["b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", 0],
    ];
    const verifier = () => chunkVerifier({ key, seedSignature: seed, signedAt: date, scope: credential.slice(21) });
    const right = verifier();
    for (const [signature, size] of chunks) right.verifyChunk(signature, Buffer.alloc(size, "a"));
    expect(() => verifier().verifyChunk(chunks[0]![0], Buffer.alloc(65_536, "b"))).toThrow(AwsError);
    expect(() => verifier().verifyChunk(chunks[1]![0], Buffer.alloc(1024, "a"))).toThrow(AwsError);
  });

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
  it("trailers that are signed after the chunks", () => {
    const { verifyChunk, verifyTrailer } = chunkVerifier({
      key,
      seedSignature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
      signedAt: date,
      scope: credential.slice(21),
    });
    verifyChunk("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2", Buffer.alloc(65_536, "a"));
    verifyChunk("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7", Buffer.alloc(1024, "a"));
    verifyChunk("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992", Buffer.alloc(0));
    const signature = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    expect(() => verifyTrailer(signature, "x-amz-checksum-crc32c:AAAAAA==\n")).toThrow(AwsError);
    expect(() => verifyTrailer(signature, "x-amz-checksum-crc32c:sOO8/Q==\n")).not.toThrow();
  });
});

describe("comparison in constant time", () => {
  it.each([
    ["same", "same", true],
    ["same", "sane", false],
    ["short", "shorter", false],
    ["", "", true],
    ["é", "é", true],
    ["é", "ab", false],
  ])("%j and %j", (a, b, equal) => {
    expect(equalInConstantTime(a, b)).toBe(equal);
  });
});
