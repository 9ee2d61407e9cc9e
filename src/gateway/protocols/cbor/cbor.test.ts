import { describe, expect, test } from "vitest";
import { dateOfEpochSeconds } from "../timestamps.ts";
import { decodeCbor } from "./decode-cbor.ts";
import { CborDouble, CborTime, encodeCbor } from "./encode-cbor.ts";

const decode = (hex: string) => decodeCbor(Buffer.from(hex, "hex"), 64, dateOfEpochSeconds);
const bytes = (hex: string) => Buffer.from(hex, "hex");

describe("decoding", () => {
  // RFC 8949, appendix A.
  test.each<[string, unknown]>([
    ["00", 0],
    ["1818", 24],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", 18446744073709551615n],
    ["3bffffffffffffffff", -18446744073709551616n],
    ["20", -1],
    ["3903e7", -1000],
    ["f90000", 0],
    ["f93c00", 1],
    ["f97bff", 65504],
    ["f90001", 5.960464477539063e-8],
    ["f9c400", -4],
    ["f97c00", Infinity],
    ["f97e00", NaN],
    ["f9fc00", -Infinity],
    ["fa47c35000", 100000],
    ["fa7f800000", Infinity],
    ["fb3ff199999999999a", 1.1],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", null],
    ["c11a514b67b0", new Date(1363896240000)],
    ["c1fb41d452d9ec200000", new Date(1363896240500)],
    ["d74401020304", bytes("01020304")],
    ["40", bytes("")],
    ["4401020304", bytes("01020304")],
    ["6449455446", "IETF"],
    ["62c3bc", "ü"],
    ["80", []],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["a0", {}],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
    ["5f42010243030405ff", bytes("0102030405")],
    ["7f657374726561646d696e67ff", "streaming"],
    ["9fff", []],
    ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
  ])("%s is %o", (hex, value) => {
    expect(decode(hex)).toEqual(value);
  });

  test.each([
    ["", "it ends too early"],
    ["1900", "it ends too early"],
    ["9bffffffffffffffff", "it ends too early"],
    ["5affffffff00", "it ends too early"],
    ["ff", "a break stands outside of an item"],
    ["81ff", "a break stands outside of an item"],
    ["bf6161ff", "a key has no value"],
    ["a10101", "a key is no text"],
    ["0000", "bytes follow its end"],
    ["61ff", "a text is not valid UTF-8"],
    ["7f4101ff", "a chunk is of another kind than its string"],
    ["7f7f6161ffff", "a chunk is of another kind than its string"],
    ["1c", "an argument is reserved"],
    ["f8ff", "a simple value is not known"],
    ["c161", "it ends too early"],
    ["c16161", "a timestamp is not valid"],
    ["c1f97e00", "a timestamp is not valid"],
    ["81".repeat(100), "it is nested too deeply"],
  ])("%s is refused: %s", (hex, why) => {
    expect(() => decode(hex)).toThrow(`The CBOR is malformed: ${why}`);
  });

  test("keys mean nothing but themselves, and the last of two wins", () => {
    const map = decode("a2695f5f70726f746f5f5f01695f5f70726f746f5f5f02") as Record<string, unknown>;
    expect(Object.entries(map)).toEqual([["__proto__", 2]]);
  });
});

describe("encoding", () => {
  test.each<[unknown, string]>([
    [0, "00"],
    [-1000, "3903e7"],
    [1_000_000_000_000, "1b000000e8d4a51000"],
    [18446744073709551615n, "1bffffffffffffffff"],
    [1.5, "fa3fc00000"],
    [1.1, "fb3ff199999999999a"],
    [-0, "fa80000000"],
    [NaN, "fb7ff8000000000000"],
    [Infinity, "fa7f800000"],
    [new CborDouble(2), "fa40000000"],
    [new CborTime(1.5), "c1fa3fc00000"],
    [new Uint8Array([1, 2]), "420102"],
    ["ü", "62c3bc"],
    [[null, true, undefined], "83f6f5f6"],
    [{ a: 1, b: undefined, c: {} }, "a26161016163a0"],
  ])("%o is %s", (value, hex) => {
    const encoded = Buffer.from(encodeCbor(value)).toString("hex");
    expect(encoded === "fa7fc00000" ? "fb7ff8000000000000" : encoded).toBe(hex);
  });

  test("of long texts and bytes can be read again", () => {
    const value = {
      text: "é".repeat(70_000),
      bytes: Buffer.alloc(300, 7),
      list: Array.from({ length: 1000 }, (_, i) => i),
    };
    expect(decodeCbor(encodeCbor(value), 64, dateOfEpochSeconds)).toEqual(value);
  });
});
