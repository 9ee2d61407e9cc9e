import { expect, test } from "vitest";
import { followJsonPath, parseJsonPath } from "./json-path.ts";

const value = { a: { b: [1, { c: "d" }] }, "x y": true, list: [{ n: 1 }, { n: 2 }, {}] };

test.each([
  ["$", value],
  ["$.a.b[0]", 1],
  ["$.a.b[1].c", "d"],
  ["$['a']['b'][-1].c", "d"],
  ['$["x y"]', true],
  ["$.list[*].n", [1, 2]],
  ["$.a.*", [value.a.b]],
  ["$.missing.more", undefined],
  ["$.a.b.length", undefined],
  ["$.constructor", undefined],
])("%s", (path, expected) => {
  expect(followJsonPath(parseJsonPath(path)!, value)).toEqual(expected);
});

test.each(["a", "$..a", "$.a[?(@.b)]", "$.a[0:2]", "$.a.length()", "$.", "$[a]"])("%s is not read", (path) => {
  expect(parseJsonPath(path)).toBeUndefined();
});
