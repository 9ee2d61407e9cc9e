import { describe, expect, test } from "vitest";
import { compileSelectionPattern } from "./selection-pattern.ts";

describe("a pattern fits the whole text", () => {
  test.each([
    ["Error.*", "Error: no", true],
    ["Error", "Error: no", false],
    [".*not found.*", "user not found!", true],
    ["4\\d{2}", "404", true],
    ["4\\d{2}", "4040", false],
    ["200", "200", true],
    ["", "", true],
    ["a|bc|", "bc", true],
    ["a|bc|", "", true],
    ["(ab)+", "ababab", true],
    ["(ab)+", "aba", false],
    ["(?:ab)?c", "c", true],
    ["a{2,3}", "aa", true],
    ["a{2,3}", "aaaa", false],
    ["a{2,}", "aaaaa", true],
    ["[A-Z][a-z]+", "Ada", true],
    ["[^0-9]+", "abc", true],
    ["[^0-9]+", "a1c", false],
    ["[]a]+", "]a]", true],
    ["[a\\-z]+", "a-z", true],
    ["[\\d.]+", "1.2", true],
    ["\\[BadRequest\\].*", "[BadRequest] x", true],
    ["^a$", "a", true],
    ["a^b", "ab", false],
    ["(?i)error.*", "ERROR: x", true],
    ["(?i)[a-c]+", "ABC", true],
    [".*", "one\ntwo", false],
    ["(?s).*", "one\ntwo", true],
    ["(\\n|.)+", "one\ntwo", true],
    ["\\w+\\s\\S\\W\\D", "ab c!d", true],
    ["a.*?b", "axxb", true],
    ["{a", "{a", true],
  ])("%s on %j: %s", (pattern, text, expected) => {
    expect(compileSelectionPattern(pattern).matches(text)).toBe(expected);
  });
});

test("patterns that make backtracking engines hang are as fast as others", () => {
  const text = `${"a".repeat(8000)}!`;
  expect(compileSelectionPattern("(a+)+").matches(text)).toBe(false);
  expect(compileSelectionPattern("(a|a)*(a|a)*b").matches(text)).toBe(false);
  expect(compileSelectionPattern("(.*)*x").matches(text)).toBe(false);
});

test.each(["(", ")", "[a", "*", "a**", "a{3,2}", "\\", "((a{50}){50}){50}", "(".repeat(5000)])(
  "%#: malformed or too large patterns are refused",
  (pattern) => {
    expect(() => compileSelectionPattern(pattern)).toThrow(expect.objectContaining({ name: "PatternError" }));
  },
);

test.each(["(?=a)", "(?!a)", "(?<name>a)", "(a)\\1", "\\bword", "a*+", "[a[b]]", "\\p{L}"])(
  "%s needs what is not built, and says so",
  (pattern) => {
    expect(() => compileSelectionPattern(pattern)).toThrow(expect.objectContaining({ unsupported: true }));
  },
);
