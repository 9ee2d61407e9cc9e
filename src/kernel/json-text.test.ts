import { expect, test } from "vitest";
import { jsonTextOf, withJsonText } from "./json-text.ts";

test("an output may bring its JSON, which nobody else sees", () => {
  const output = withJsonText({ a: 1 }, () => '{"a":1}');
  expect(jsonTextOf(output)).toBe('{"a":1}');
  expect(output).toEqual({ a: 1 });
  expect(JSON.stringify(output)).toBe('{"a":1}');
  expect(Object.getOwnPropertySymbols({ ...output })).toEqual([]);
});

test.each([undefined, null, "text", 1, {}, []])("%j brings none", (output) => {
  expect(jsonTextOf(output)).toBeUndefined();
});
