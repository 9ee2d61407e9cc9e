import { expect, it } from "vitest";
import { bodyBytesOf, defaultLimits } from "./limits.ts";

it("gives operations their own bound where AWS does", () => {
  expect(bodyBytesOf("lambda", "CreateFunction", defaultLimits)).toBe(70_167_211);
  expect(bodyBytesOf("dynamodb", "BatchWriteItem", defaultLimits)).toBe(16 * 1024 * 1024);
  expect(bodyBytesOf("dynamodb", "PutItem", defaultLimits)).toBe(defaultLimits.bodyBytes);
});

it("knows no bound of names that come from the prototype", () => {
  expect(bodyBytesOf("constructor", "name", defaultLimits)).toBe(defaultLimits.bodyBytes);
  expect(bodyBytesOf("dynamodb", "constructor", defaultLimits)).toBe(defaultLimits.bodyBytes);
});
