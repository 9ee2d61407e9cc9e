import { expect, test } from "vitest";
import { compareBytes, decodeUtf8, fromBase64, readAll, utf8 } from "./bytes.ts";

test("UTF-8 that is none is not guessed at", () => {
  expect(decodeUtf8(utf8("ü😀"))).toBe("ü😀");
  expect(decodeUtf8(Uint8Array.of(0xff))).toBeUndefined();
  expect(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined();
});

test.each([
  ["", true],
  ["YQ==", true],
  ["YWI=", true],
  ["YWJj", true],
  ["YQ", false],
  ["YQ=", false],
  ["Y Q==", false],
  ["YQ==\n", false],
  ["_-==", false],
])("base64 %j is canonical: %j", (text, canonical) => {
  const bytes = fromBase64(text);
  expect(bytes !== undefined).toBe(canonical);
  if (bytes) expect(Buffer.from(bytes).toString("base64")).toBe(text);
});

test("bytes order unsigned, shorter first", () => {
  expect(compareBytes(Uint8Array.of(1), Uint8Array.of(255))).toBe(-1);
  expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(-1);
  expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1))).toBe(0);
});

test("a body is read up to its limit and not further", async () => {
  let given = 0;
  async function* body() {
    for (; given < 10; given++) yield Uint8Array.of(given);
  }
  await expect(readAll(body(), 3, () => new Error("too large"))).rejects.toThrow("too large");
  expect(given).toBe(3);
  given = 7;
  expect([...(await readAll(body(), 3, () => new Error("too large")))]).toEqual([7, 8, 9]);
});
