import { expect, test } from "vitest";
import { compileLogFilter } from "./compile-log-filter.ts";

const cases: [pattern: string, message: string, expected: boolean][] = [
  ["", "anything", true],
  ["   ", "anything", true],
  ["ERROR", "[ERROR] it broke", true],
  ["ERROR", "[error] it broke", false],
  ["ERROR Exception", "Exception: ERROR", true],
  ["ERROR Exception", "ERROR", false],
  ['"it broke"', "[ERROR] it broke", true],
  ['"it broke"', "it nearly broke", false],
  ['"say \\"hi\\""', 'say "hi" now', true],
  ["?ERROR ?WARN", "a WARN b", true],
  ["?ERROR ?WARN", "a INFO b", false],
  ["?ERROR WARN", "a WARN b", true],
  ["?ERROR WARN", "a ERROR b", false],
  ["-DEBUG", "INFO", true],
  ["-DEBUG", "DEBUG", false],
  ['ERROR -"known issue"', "ERROR known issue", false],
  ['ERROR -"known issue"', "ERROR new issue", true],
  ["a.b-c", "x a.b-c y", true],
];

test.each(cases)("%j on %j is %j", (pattern, message, expected) => {
  const filter = compileLogFilter(pattern);
  expect(filter.kind === "filter" && filter.match(message)).toBe(expected);
});

test("what is not built is named, and what cannot be read is refused with its place", () => {
  expect(compileLogFilter("{ $.a = 1 }")).toEqual({ kind: "unsupported", what: "JSON expressions" });
  expect(compileLogFilter("[ip, user]")).toEqual({ kind: "unsupported", what: "space-delimited fields" });
  expect(compileLogFilter("%\\d+%")).toEqual({ kind: "unsupported", what: "regular expressions" });
  expect(compileLogFilter('ok "open')).toEqual({ kind: "invalid", reason: "the quote at position 3 is not closed" });
});
