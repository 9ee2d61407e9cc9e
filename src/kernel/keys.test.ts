import { expect, test } from "vitest";
import { decodeKey, encodeKey } from "./keys.ts";
import type { Key } from "./records.ts";

const prefix = Uint8Array.of(1);

const ascending: Key[] = [
  [],
  [false],
  [true],
  [-Infinity],
  [-2.5],
  [-1],
  [0],
  [0, "a"],
  [1e-300],
  [1],
  [2 ** 53],
  [Infinity],
  [""],
  ["", 1],
  ["a"],
  ["a", false],
  ["a", "a"],
  ["a\0"],
  ["a\0", 1],
  ["a\u0001"],
  ["aa"],
  ["b"],
  ["é"],
  ["\uFFFD"],
  ["😀"],
  [Uint8Array.of()],
  [Uint8Array.of(0)],
  [Uint8Array.of(0, 0)],
  [Uint8Array.of(0, 1)],
  [Uint8Array.of(1)],
  [Uint8Array.of(255)],
];

test("keys order as their tuples do: by type, then by value, shorter tuples first", () => {
  const encoded = ascending.map((key) => encodeKey(prefix, key));
  for (let i = 1; i < encoded.length; i++) {
    expect(
      Buffer.compare(encoded[i - 1]!, encoded[i]!),
      `${JSON.stringify(ascending[i - 1])} < ${JSON.stringify(ascending[i])}`,
    ).toBe(-1);
  }
});

test("a key reads back as the parts it was made of", () => {
  for (const key of ascending) expect(decodeKey(encodeKey(prefix, key), 1)).toEqual(key);
});

test("the end of a key's range lies after every key that extends it and before the next", () => {
  const past = encodeKey(prefix, ["a"], "past");
  expect(Buffer.compare(encodeKey(prefix, ["a", Uint8Array.of(255, 255), "z"]), past)).toBe(-1);
  expect(Buffer.compare(past, encodeKey(prefix, ["a\0"]))).toBe(-1);
  expect(Buffer.compare(past, encodeKey(prefix, ["aa"]))).toBe(-1);
});

test("minus zero is zero", () => {
  expect(encodeKey(prefix, [-0])).toEqual(encodeKey(prefix, [0]));
});

test("what cannot be ordered or stored is refused", () => {
  expect(() => encodeKey(prefix, [Number.NaN])).toThrow("NaN");
  expect(() => encodeKey(prefix, ["x".repeat(9000)])).toThrow("longer than");
});
