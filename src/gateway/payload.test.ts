import { createHmac, createSecretKey, hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { receiveWhole } from "./payload.ts";
import { openTestDoor, signedBy, type TestDoor } from "./test-door.ts";

const limit = 1024 * 1024;
const text = (body: Uint8Array) => Buffer.from(body).toString();

describe("a body that is taken whole", () => {
  it("is the same without codings, and without a promise", () => {
    const body = Buffer.from("{}");
    expect(receiveWhole("sqs", {}, body, undefined, limit)).toBe(body);
  });

  it("is unzipped, but for S3, whose objects may be gzip themselves", async () => {
    const body = gzipSync("hello");
    const headers = { "content-encoding": "gzip" };
    expect(text(await receiveWhole("cloudwatch", headers, body, undefined, limit))).toBe("hello");
    expect(await receiveWhole("s3", headers, body, undefined, limit)).toEqual(body);
  });

  it("may not grow over the limit when it is unzipped", async () => {
    const bomb = gzipSync(Buffer.alloc(10 * limit));
    const grown = receiveWhole("cloudwatch", { "content-encoding": "gzip" }, bomb, undefined, limit);
    await expect(grown).rejects.toMatchObject({ status: 413 });
  });

  it("is put together from its chunks", async () => {
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const body = Buffer.from("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect(text(await receiveWhole("s3", headers, body, undefined, limit))).toBe("hello");
    const lie = Buffer.from("5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    await expect(receiveWhole("s3", headers, lie, undefined, limit)).rejects.toMatchObject({ code: "BadDigest" });
  });

  it("must have chunks of the right signatures where they were promised", async () => {
    const key = createSecretKey(Buffer.from("key"));
    const promise = {
      kind: "chunks",
      key,
      seedSignature: "0".repeat(64),
      signedAt: "20260101T000000Z",
      scope: "s",
    } as const;
    let previous = promise.seedSignature;
    const chunk = (data: string) => {
      const digests = `${hash("sha256", "")}\n${hash("sha256", data)}`;
      const signed = `AWS4-HMAC-SHA256-PAYLOAD\n${promise.signedAt}\n${promise.scope}\n${previous}\n${digests}`;
      previous = createHmac("sha256", key).update(signed).digest("hex");
      return `${data.length.toString(16)};chunk-signature=${previous}\r\n${data}\r\n`;
    };
    const headers = { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
    const body = `${chunk("hello")}${chunk(" there")}${chunk("")}`;
    expect(text(await receiveWhole("s3", headers, Buffer.from(body), promise, limit))).toBe("hello there");
    const changed = Buffer.from(body.replace("hello", "jello"));
    await expect(receiveWhole("s3", headers, changed, promise, limit)).rejects.toMatchObject({
      code: "SignatureDoesNotMatch",
    });
  });
});

describe("a body that streams", () => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await openTestDoor({ limits: { streamBytes: 100_000 } });
  });
  afterAll(() => door.stop(0));
  const upload = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${door.url}/2026-01-01/Upload`, {
      method: "POST",
      headers: { ...signedBy("test", "path"), ...headers },
      body,
    });

  it("is bounded", async () => {
    expect(await (await upload("x".repeat(100_000))).text()).toBe('{"text":"100000"}');
    expect((await upload("x".repeat(100_001))).status).toBe(400);
  });

  it("has its chunks taken apart", async () => {
    const answer = await upload("3\r\nabc\r\n0\r\n\r\n", { "content-encoding": "aws-chunked" });
    expect(await answer.text()).toBe('{"text":"3"}');
    expect((await upload("zz\r\n", { "content-encoding": "aws-chunked" })).status).toBe(400);
  });
});
