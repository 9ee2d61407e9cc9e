import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { utf8 } from "../../../base/bytes.ts";
import { chunkedKind, chunkedOptions, decodeAwsChunked } from "./aws-chunked.ts";
import type { AwsChunkedOptions } from "./aws-chunked.ts";
import { checksum, checksumAlgorithms } from "./checksum.ts";
import { gunzipBody, isGzipped } from "./gunzip.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = utf8(text);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function decode(text: string, options: AwsChunkedOptions = {}, size = 7): Promise<string> {
  return Buffer.concat(await Array.fromAsync(decodeAwsChunked(pieces(text, size), options))).toString();
}

const signature = "a".repeat(64);

describe("aws-chunked", () => {
  test.each([1, 2, 3, 1000])("gives the data of unsigned chunks, read %i bytes at a time", async (size) => {
    expect(await decode("4\r\nWiki\r\n6\r\npedia!\r\n0\r\n\r\n", { decodedLength: 10 }, size)).toBe("Wikipedia!");
  });

  test("hands every signed chunk over before its data goes on, the empty last one too", async () => {
    const seen: [string, string][] = [];
    const verifyChunk = (given: string, data: Uint8Array): void =>
      void seen.push([given, Buffer.from(data).toString()]);
    const body = `4;chunk-signature=${signature}\r\nWiki\r\n0;chunk-signature=${"b".repeat(64)}\r\n\r\n`;
    expect(await decode(body, { verifyChunk })).toBe("Wiki");
    expect(seen).toEqual([
      [signature, "Wiki"],
      ["b".repeat(64), ""],
    ]);
  });

  test("gives no data of a chunk whose signature is refused", async () => {
    const got: Uint8Array[] = [];
    const verifyChunk = (): void => {
      throw new AwsError({ code: "SignatureDoesNotMatch", message: "no", status: 403 });
    };
    const reading = async (): Promise<void> => {
      const body = `4;chunk-signature=${signature}\r\nWiki\r\n`;
      for await (const data of decodeAwsChunked(pieces(body, 5), { verifyChunk })) got.push(data);
    };
    await expect(reading()).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
    expect(got).toEqual([]);
  });

  test("refuses an unsigned chunk where chunks are signed", async () => {
    await expect(decode("4\r\nWiki\r\n0\r\n\r\n", { verifyChunk: () => {} })).rejects.toMatchObject({
      code: "SignatureDoesNotMatch",
    });
  });

  test("verifies the checksum in a trailer and its signature", async () => {
    let trailers: unknown;
    let signed: unknown;
    const sum = checksum("crc32c");
    sum.update(utf8("Wiki"));
    const body = `4\r\nWiki\r\n0\r\nx-amz-checksum-crc32c:${sum.digest()}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
    const options: AwsChunkedOptions = {
      trailers: ["x-amz-checksum-crc32c"],
      onTrailers: (given) => (trailers = given),
      verifyTrailer: (...given) => (signed = given),
    };
    expect(await decode(body, options)).toBe("Wiki");
    expect(trailers).toEqual({ "x-amz-checksum-crc32c": sum.digest() });
    expect(signed).toEqual([signature, `x-amz-checksum-crc32c:${sum.digest()}\n`]);
  });

  test("refuses data that its trailing checksum does not match", async () => {
    const body = "4\r\nWiki\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    await expect(decode(body, { trailers: ["x-amz-checksum-crc32"] })).rejects.toMatchObject({
      code: "BadDigest",
      message: "The CRC32 you specified did not match the calculated checksum.",
    });
  });

  test.each([
    ["a size that is no number", "xyz\r\nWiki\r\n0\r\n\r\n", {}],
    ["an end within a chunk", "4\r\nWi", {}],
    ["a missing last chunk", "4\r\nWiki\r\n", {}],
    ["a chunk longer than its size", "3\r\nWiki\r\n0\r\n\r\n", {}],
    ["more data than announced", "4\r\nWiki\r\n0\r\n\r\n", { decodedLength: 3 }],
    ["less data than announced", "4\r\nWiki\r\n0\r\n\r\n", { decodedLength: 5 }],
    ["an endless line", "0".repeat(20_000), {}],
    ["a trailer that was not announced", "0\r\nx-evil:1\r\n\r\n", {}],
    ["an announced trailer that does not come", "0\r\n\r\n", { trailers: ["x-amz-checksum-sha1"] }],
  ])("refuses %s", async (_what, body, options) => {
    await expect(decode(body, options)).rejects.toMatchObject({ status: 400 });
  });

  test("is announced by x-amz-content-sha256 or content-encoding", () => {
    const sha = (value: string) => chunkedKind({ "x-amz-content-sha256": value });
    expect(sha("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")).toEqual({ signed: true, trailers: false });
    expect(sha("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")).toEqual({ signed: true, trailers: true });
    expect(sha("STREAMING-UNSIGNED-PAYLOAD-TRAILER")).toEqual({ signed: false, trailers: true });
    expect(sha("UNSIGNED-PAYLOAD")).toBeUndefined();
    expect(chunkedKind({ "content-encoding": "gzip, aws-chunked" })).toEqual({ signed: false, trailers: false });
    expect(chunkedOptions({ "x-amz-trailer": "X-A, x-b", "x-amz-decoded-content-length": "5" })).toEqual({
      trailers: ["x-a", "x-b"],
      decodedLength: 5,
    });
    expect(() => chunkedOptions({ "x-amz-decoded-content-length": "-1" })).toThrow(AwsError);
  });
});

describe("checksums", () => {
  // The check values of the CRC catalogue (https://reveng.sourceforge.io/crc-catalogue/) and of FIPS 180.
  const ofDigits: Record<string, string> = {
    crc32: "cbf43926",
    crc32c: "e3069283",
    crc64nvme: "ae8b14860a799888",
    sha1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    sha256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  };

  test.each(checksumAlgorithms)("%s of 123456789 is the published check value", (algorithm) => {
    const sum = checksum(algorithm);
    sum.update(utf8("1234"));
    sum.update(utf8("56789"));
    expect(Buffer.from(sum.digest(), "base64").toString("hex")).toBe(ofDigits[algorithm]);
  });
});

describe("gzip", () => {
  test("is undone", async () => {
    expect(isGzipped({ "content-encoding": "gzip" })).toBe(true);
    expect(isGzipped({ "content-encoding": "custom, GZIP" })).toBe(true);
    expect(isGzipped({})).toBe(false);
    expect(Buffer.from(await gunzipBody(gzipSync("hello"), 100)).toString()).toBe("hello");
  });

  test("is refused beyond the size of a request", async () => {
    await expect(gunzipBody(gzipSync(Buffer.alloc(5000)), 4999)).rejects.toMatchObject({ status: 413 });
  });

  test("is refused when it grows as no request does", async () => {
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024));
    await expect(gunzipBody(bomb, 1e9)).rejects.toMatchObject({ status: 413 });
  });

  test("is refused when it is something else", async () => {
    await expect(gunzipBody(utf8("hello"), 100)).rejects.toMatchObject({ code: "SerializationException" });
    await expect(gunzipBody(gzipSync("hello").subarray(0, 10), 100)).rejects.toMatchObject({ status: 400 });
  });
});
