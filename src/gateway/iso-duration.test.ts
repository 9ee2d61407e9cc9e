import { expect, it } from "vitest";
import { parseIsoDuration } from "./iso-duration.ts";

it.each([
  ["PT1H", 3_600_000],
  ["PT1H30M", 5_400_000],
  ["P1D", 86_400_000],
  ["P1DT1S", 86_401_000],
  ["P2W", 1_209_600_000],
  ["PT0.5S", 500],
  ["PT0S", 0],
  ["PT1.001S", 1001],
])("%s is %i ms", (text, ms) => {
  expect(parseIsoDuration(text)).toBe(ms);
});

it.each([
  "",
  "P",
  "PT",
  "P1DT",
  "1H",
  "PT1",
  "P1Y",
  "P1M",
  "-PT1H",
  "PT-1H",
  "pt1h",
  "PT1H ",
  "P1W1D",
  "PT1S1M",
  "PT99999999999S",
])("%j is no duration", (text) => {
  expect(parseIsoDuration(text)).toBeUndefined();
});
