import { describe, expect, test } from "vitest";
import { addNumbers, canonicalNumber, compareNumbers, numberBytes, sortableNumber, subtractNumbers } from "./number.ts";

const zeros = (count: number) => "0".repeat(count);
const nines = "9".repeat(38);

describe("canonicalNumber writes numbers as DynamoDB gives them back", () => {
  test.each([
    ["0", "0"],
    ["-0", "0"],
    ["0.000", "0"],
    ["0e500", "0"],
    ["-0E-500", "0"],
    ["1", "1"],
    ["+1", "1"],
    ["-1", "-1"],
    ["007", "7"],
    ["-007", "-7"],
    ["1.0", "1"],
    ["1.", "1"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["1.50", "1.5"],
    ["0042.1200", "42.12"],
    ["100", "100"],
    ["1E2", "100"],
    ["1e2", "100"],
    ["1E+2", "100"],
    ["1.23E1", "12.3"],
    ["1.23E2", "123"],
    ["1.23E3", "1230"],
    ["123E-1", "12.3"],
    ["123E-3", "0.123"],
    ["123E-5", "0.00123"],
    ["-123E-5", "-0.00123"],
    ["1E-130", `0.${zeros(129)}1`],
    ["1E125", `1${zeros(125)}`],
    [`${nines}E88`, nines + zeros(88)],
    [nines, nines],
    [`-${nines}`, `-${nines}`],
    [`0.${nines}`, `0.${nines}`],
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
    ["1234567890123456789012345678901234567800", "1234567890123456789012345678901234567800"],
    ["9007199254740993", "9007199254740993"],
    ["0.1", "0.1"],
    ["3.14159", "3.14159"],
    ["100.5", "100.5"],
    ["1000000000000000000000000000000000000000000", "1000000000000000000000000000000000000000000"],
  ])("%s is %s", (text, expected) => {
    expect(canonicalNumber(text)).toBe(expected);
    expect(canonicalNumber(expected)).toBe(expected);
  });
});

const overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
const underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
const precision = "Attempting to store more than 38 significant digits in a Number";
const notNumeric = (text: string) => `The parameter cannot be converted to a numeric value: ${text}`;

describe("canonicalNumber refuses what DynamoDB refuses", () => {
  test.each([
    ["", "The parameter cannot be converted to a numeric value"],
    ["a", notNumeric("a")],
    ["1a", notNumeric("1a")],
    ["1 ", notNumeric("1 ")],
    [" 1", notNumeric(" 1")],
    ["-", notNumeric("-")],
    [".", notNumeric(".")],
    ["E1", notNumeric("E1")],
    ["1E", notNumeric("1E")],
    ["1E1.5", notNumeric("1E1.5")],
    ["0x10", notNumeric("0x10")],
    ["NaN", notNumeric("NaN")],
    ["Infinity", notNumeric("Infinity")],
    ["1,000", notNumeric("1,000")],
    ["--1", notNumeric("--1")],
    ["１", notNumeric("１")],
    ["1E126", overflow],
    ["-1E126", overflow],
    ["10E125", overflow],
    ["1E999999999999999999999999", overflow],
    ["1E-131", underflow],
    ["-1E-131", underflow],
    ["0.1E-130", underflow],
    ["1E-999999999999999999999999", underflow],
    [`${nines}9`, precision],
    [`1.${zeros(37)}1`, precision],
    [`-0.1${zeros(37)}1`, precision],
  ])("%s", (text, message) => {
    expect(() => canonicalNumber(text)).toThrow(expect.objectContaining({ code: "ValidationException", message }));
  });
});

const ascending = [
  `-${nines}E88`,
  "-1E125",
  "-12345678901234567890123456789012345678",
  "-1001",
  "-1000",
  "-999",
  "-100.5",
  "-100",
  "-12",
  "-11",
  "-10.000000000000000000000000000000000001",
  "-10",
  "-9.99",
  "-2",
  "-1.5",
  "-1.05",
  "-1",
  "-0.9",
  "-0.1",
  "-0.01",
  "-1E-129",
  "-1E-130",
  "0",
  "1E-130",
  "1.1E-130",
  "1E-129",
  "0.01",
  "0.011",
  "0.1",
  "0.9",
  "1",
  "1.05",
  "1.5",
  "2",
  "9.99",
  "10",
  "10.000000000000000000000000000000000001",
  "11",
  "12",
  "99",
  "100",
  "100.5",
  "999",
  "1000",
  "1001",
  "9007199254740992",
  "9007199254740993",
  "9007199254740994",
  "12345678901234567890123456789012345678",
  "1E125",
  `${nines}E88`,
].map(canonicalNumber);

describe("numbers keep their order", () => {
  test.each(ascending.map((number, at) => [number, at] as const))("%s", (number, at) => {
    ascending.forEach((other, place) => {
      expect(Math.sign(compareNumbers(number, other))).toBe(Math.sign(at - place));
      const [a, b] = [Buffer.from(sortableNumber(number)), Buffer.from(sortableNumber(other))];
      expect(Math.sign(Buffer.compare(a, b))).toBe(Math.sign(at - place));
    });
  });

  test("the stored form is this one, for ever", () => {
    expect(["0", "1", "-1", "12.5", "-12.5"].map(sortableNumber)).toEqual(["1", "2821", "07d8~", "283125", "07c874~"]);
  });
});

describe("sums are exact", () => {
  test.each([
    ["1", "1", "2", "0"],
    ["0.1", "0.2", "0.3", "-0.1"],
    ["1", "-1", "0", "2"],
    ["-5", "-7", "-12", "2"],
    ["9007199254740993", "1", "9007199254740994", "9007199254740992"],
    ["1.005", "0.005", "1.01", "1"],
    ["100", "0.001", "100.001", "99.999"],
    ["99999999999999999999999999999999999998", "1", nines, "99999999999999999999999999999999999997"],
    ["1E100", "1E100", canonicalNumber("2E100"), "0"],
    ["1E-130", "1E-130", canonicalNumber("2E-130"), "0"],
    ["0", "0", "0", "0"],
    ["-0.5", "0.5", "0", "-1"],
  ])("%s and %s: %s and %s", (a, b, sum, difference) => {
    expect(addNumbers(canonicalNumber(a), canonicalNumber(b))).toBe(sum);
    expect(subtractNumbers(canonicalNumber(a), canonicalNumber(b))).toBe(difference);
  });

  test("but are refused where DynamoDB cannot hold them", () => {
    const large = canonicalNumber(`${nines}E88`);
    expect(() => addNumbers(large, large)).toThrow(overflow);
    expect(() => addNumbers(canonicalNumber("1E125"), "1")).toThrow(precision);
  });
});

/** Measured on AWS: nubo-db/dynamodb-conformance, src/item-size.ts. */
describe("numberBytes is what AWS charges", () => {
  test.each([
    ["0", 1],
    ["-0", 1],
    ["1", 2],
    ["12", 2],
    ["123", 3],
    ["1234", 3],
    ["12345678901234567890123456789012345678", 20],
    ["0042", 2],
    ["100", 2],
    ["1010", 3],
    ["0.0000001", 2],
    ["1E125", 2],
    ["1E-100", 2],
    ["1.5", 3],
    ["15", 2],
    ["1.2", 3],
    ["1.200", 3],
    ["1.234", 4],
    ["3.14159", 5],
    ["123456", 4],
    ["100.5", 4],
    ["0.15", 2],
    ["-42", 3],
  ])("%s: %d", (text, bytes) => {
    expect(numberBytes(canonicalNumber(text))).toBe(bytes);
  });
});
