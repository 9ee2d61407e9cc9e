import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../api/catalogue.ts";
import { ModelLibrary } from "../../api/load-model.ts";
import { compilePattern, translate } from "./pattern.ts";

describe("compilePattern", () => {
  it.each([
    ["matches the whole value", "[a-z]+", "abc", "abc1"],
    ["matches the whole value with alternatives", "0|([1-9]\\d{0,38})", "10", "01"],
    ["knows Unicode's classes", "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "Größe 1", "%"],
    ["knows Java's classes", "\\p{Print}+", "a b", "a\tb"],
    ["knows Java's classes within brackets", "[\\p{Alnum}-]+", "a-1", "a_1"],
    ["has Java's white space", "\\S+", "a\u00a0b", "a b"],
    ["takes escapes that mean nothing", "[A-Za-z0-9\\_\\-]+", "a_-", "a."],
    ["takes escapes outside of brackets that mean nothing", "a\\-b\\_c", "a-b_c", "a.b_c"],
    ["takes a hyphen after a range for itself", "[a-zA-Z0-9-_]+", "a-_", "a."],
    ["takes a hyphen before a class for itself", "[+-\\d]+", "+-1", ","],
    ["knows flags at the beginning", "(?i)all|[0-9]{12}", "ALL", "none"],
    ["lets the dot match line ends only with the flag", "(?s).*", "a\nb", undefined],
    ["has no line end before the end", "^abc$", "abc", "abc\n"],
    ["knows brackets within brackets as Java escapes them", "[\\[\\]]+", "[]", "()"],
    [
      "takes characters beyond the basic plane",
      "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF]*",
      "😀",
      "\u0001",
    ],
  ])("%s: %s", (_, pattern, good, bad) => {
    const matches = compilePattern(pattern, 1000);
    expect(matches(good)).toBe(true);
    if (bad !== undefined) expect(matches(bad)).toBe(false);
  });

  it("takes every pattern of every model", async () => {
    const library = new ModelLibrary();
    const refused: string[] = [];
    let patterns = 0;
    for (const { name } of catalogue) {
      for (const [shapeName, shape] of Object.entries((await library.load(name)).shapes)) {
        if (!("pattern" in shape) || shape.pattern === undefined) continue;
        patterns++;
        try {
          compilePattern(shape.pattern);
        } catch (error) {
          refused.push(`${name} ${shapeName}: ${String(error)}`);
        }
      }
    }
    expect(refused).toEqual([]);
    expect(patterns).toBeGreaterThan(500);
  });

  it("does not run a pattern on more text than any name or ARN has", () => {
    const anAddress = compilePattern("[^ ]+@[^ ]+");
    expect(anAddress("a@b")).toBe(true);
    expect(anAddress(`${"@".repeat(10_000)}a`)).toBe(true);
    expect(anAddress(`${"@".repeat(20_000)}a`)).toBe(false);
  });
});

describe("patterns of models that would take exponential time", () => {
  it.each([
    ["^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$", ["a", "a.b", "aa/b-c*", "*"], ["", ".a", "a.", "a..b", "A"], "a"],
    [
      "^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$",
      ["a", " a\tb ", " ", "\t \t"],
      ["", "\t", "a:"],
      " a",
    ],
    ["^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$", ["a", "\ta b\t", " "], ["", "\t", "\n", "é"], " a"],
    ["[a-zA-Z](?:-?[a-zA-Z0-9]+)*", ["a", "a-b", "ab1"], ["", "1", "a-", "a--b", "-a"], "a"],
  ])("%s are rewritten to mean the same", (pattern, good, bad, filler) => {
    const asWritten = new RegExp(`^(?:${translate(pattern).body})$`, "u");
    const matches = compilePattern(pattern, 1000);
    for (const text of good) expect([text, matches(text), asWritten.test(text)]).toEqual([text, true, true]);
    for (const text of bad) expect([text, matches(text), asWritten.test(text)]).toEqual([text, false, false]);
    // As written, this would outlive the universe.
    const attack = `${filler.repeat(250)}\u0000`;
    expect(runInNewContext("matches(attack)", { matches, attack }, { timeout: 5000 })).toBe(false);
  });
});
