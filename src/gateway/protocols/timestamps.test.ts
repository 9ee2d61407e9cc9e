import { expect, test } from "vitest";
import { formatTimestamp, parseTimestamp } from "./timestamps.ts";

test.each([
  ["2019-12-16T23:48:18Z", "2019-12-16T23:48:18.000Z"],
  ["2019-12-16T23:48:18.123456Z", "2019-12-16T23:48:18.123Z"],
  ["2019-12-17T00:48:18+01:00", "2019-12-16T23:48:18.000Z"],
  ["2019-12-16T22:48:18-0100", "2019-12-16T23:48:18.000Z"],
  ["2019-12-16T23:48", "2019-12-16T23:48:00.000Z"],
  ["2019-12-16", "2019-12-16T00:00:00.000Z"],
  ["20191216T234818Z", "2019-12-16T23:48:18.000Z"],
  ["Mon, 16 Dec 2019 23:48:18 GMT", "2019-12-16T23:48:18.000Z"],
  ["Mon, 16 Dec 2019 23:48:18.5 GMT", "2019-12-16T23:48:18.500Z"],
  ["1576540098", "2019-12-16T23:48:18.000Z"],
  ["1576540098.999", "2019-12-16T23:48:18.999Z"],
  ["-1", "1969-12-31T23:59:59.000Z"],
  ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
])("%s is read", (text, expected) => {
  expect(parseTimestamp(text)?.toISOString()).toBe(expected);
});

test.each([
  "",
  "now",
  "2019-13-01",
  "2019-02-30",
  "2019-02-29T00:00:00Z",
  "2019-01-01T25:00:00Z",
  "1e99",
  "NaN",
  "1".repeat(16),
])("%s is refused", (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test("milliseconds are written only where there are some", () => {
  const whole = new Date(1_576_540_098_000);
  const fraction = new Date(1_576_540_098_120);
  expect(formatTimestamp(whole, "iso8601")).toBe("2019-12-16T23:48:18Z");
  expect(formatTimestamp(fraction, "iso8601")).toBe("2019-12-16T23:48:18.120Z");
  expect(formatTimestamp(whole, "unixTimestamp")).toBe("1576540098");
  expect(formatTimestamp(fraction, "unixTimestamp")).toBe("1576540098.12");
  expect(formatTimestamp(fraction, "rfc822")).toBe("Mon, 16 Dec 2019 23:48:18 GMT");
  expect(() => formatTimestamp(new Date(NaN), "unixTimestamp")).toThrow(RangeError);
});
