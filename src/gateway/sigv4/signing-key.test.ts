import { expect, it } from "vitest";
import { deriveSigningKey, SigningKeys } from "./signing-key.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html for secret and scope */
it("derives a key of 32 bytes that depends on every part", () => {
  const parts: [string, string, string, string] = ["secret", "20260101", "us-east-1", "sqs"];
  const keys = [parts, ...parts.map((_, at) => parts.map((part, index) => (index === at ? `${part}x` : part)))];
  const exported = keys.map((key) => deriveSigningKey(...(key as typeof parts)).export());
  expect(exported.map((key) => key.byteLength)).toEqual([32, 32, 32, 32, 32]);
  expect(new Set(exported.map((key) => key.toString("hex"))).size).toBe(5);
});

it("keeps keys, but never one of another secret", () => {
  const keys = new SigningKeys();
  const key = keys.get("AKIA", "one", "20260101", "us-east-1", "sqs");
  expect(keys.get("AKIA", "one", "20260101", "us-east-1", "sqs")).toBe(key);
  const other = keys.get("AKIA", "two", "20260101", "us-east-1", "sqs");
  expect(other.equals(key)).toBe(false);
  expect(keys.get("AKIA", "two", "20260101", "us-east-1", "sqs")).toBe(other);
});

it("forgets the oldest, so that made-up scopes do not fill the memory", () => {
  const keys = new SigningKeys(2);
  const first = keys.get("AKIA", "secret", "20260101", "us-east-1", "sqs");
  for (let day = 2; day < 8; day++) keys.get("AKIA", "secret", `2026010${day}`, "us-east-1", "sqs");
  const again = keys.get("AKIA", "secret", "20260101", "us-east-1", "sqs");
  expect(again).not.toBe(first);
  expect(again.equals(first)).toBe(true);
});
