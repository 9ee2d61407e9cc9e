import { describe, expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { decodeMessage, decodeMessages, encodeMessage } from "./message.ts";
import type { HeaderValue } from "./message.ts";

const headers: [string, HeaderValue][] = [
  ["yes", { type: "boolean", value: true }],
  ["no", { type: "boolean", value: false }],
  ["byte", { type: "byte", value: -7 }],
  ["short", { type: "short", value: -300 }],
  ["integer", { type: "integer", value: -70_000 }],
  ["long", { type: "long", value: -5_000_000_000n }],
  ["bytes", { type: "bytes", value: Buffer.from([1, 2, 3]) }],
  ["string", { type: "string", value: "ü" }],
  ["timestamp", { type: "timestamp", value: new Date(1_600_000_000_123) }],
  ["uuid", { type: "uuid", value: "01020304-0506-0708-090a-0b0c0d0e0f10" }],
];

test("a message with headers of all types is read as it was written", () => {
  const { headers: read, payload } = decodeMessage(encodeMessage(headers, utf8("payload")));
  expect([...read]).toEqual(headers);
  expect(Buffer.from(payload).toString()).toBe("payload");
});

test("the bytes are those of the published example", () => {
  // An empty message, from the test vectors of awslabs/aws-c-event-stream.
  expect(Buffer.from(encodeMessage([], new Uint8Array())).toString("hex")).toBe("000000100000000005c248eb7d98c8ff");
});

test("messages are found however the bytes come", async () => {
  const whole = Buffer.concat([1, 2, 3].map((i) => Buffer.from(encodeMessage(headers, Buffer.alloc(i * 100, i)))));
  for (const size of [1, 13, 1000, whole.byteLength]) {
    const pieces = async function* () {
      for (let at = 0; at < whole.byteLength; at += size) yield whole.subarray(at, at + size);
    };
    const messages = await Array.fromAsync(decodeMessages(pieces()));
    expect(messages.map(({ payload }) => payload.byteLength)).toEqual([100, 200, 300]);
  }
});

describe("refused is", () => {
  const good = Buffer.from(encodeMessage([["a", { type: "string", value: "b" }]], utf8("payload")));
  const changed = (at: number) => {
    const bytes = Buffer.from(good);
    bytes[at]! ^= 1;
    return bytes;
  };

  test.each([
    ["a changed prelude", changed(2), "the prelude's checksum does not match"],
    ["a changed header", changed(14), "the message's checksum does not match"],
    ["a changed payload", changed(good.byteLength - 6), "the message's checksum does not match"],
    ["half a message", good.subarray(0, 20), "it ends in the middle of a message"],
  ])("%s", async (_what, bytes, why) => {
    const one = async function* () {
      yield bytes;
    };
    await expect(Array.fromAsync(decodeMessages(one()))).rejects.toMatchObject({
      status: 400,
      message: `The event stream is malformed: ${why}`,
    });
  });

  test("a header that comes twice", () => {
    const twice: [string, HeaderValue][] = [headers[0]!, headers[0]!];
    expect(() => decodeMessage(encodeMessage(twice, new Uint8Array()))).toThrow("a header comes twice");
  });

  test("writing what the format cannot hold", () => {
    expect(() => encodeMessage([["x".repeat(256), headers[0]![1]]], new Uint8Array())).toThrow(RangeError);
    const long: HeaderValue = { type: "string", value: "x".repeat(32_768) };
    expect(() => encodeMessage([["x", long]], new Uint8Array())).toThrow(RangeError);
    expect(() => encodeMessage([], new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(RangeError);
  });
});
