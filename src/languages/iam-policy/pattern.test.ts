import { expect, test } from "vitest";
import { compileArnPattern, compilePattern, type ContextValue } from "./pattern.ts";

const context: Record<string, ContextValue> = {
  "aws:username": "alice",
  "aws:principaltag/team": "red*",
  "aws:tagkeys": ["one", "two"],
  "aws:sourceaccount": "111122223333",
};
const lookup = (key: string) => (Object.hasOwn(context, key) ? context[key] : undefined);

const texts: readonly (readonly [pattern: string, value: string, matches: boolean])[] = [
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "anything", true],
  ["?", "", false],
  ["?", "a", true],
  ["?", "ab", false],
  ["a*", "a", true],
  ["a*", "abc", true],
  ["a*", "ba", false],
  ["*a", "bca", true],
  ["*a", "bcab", false],
  ["a*b*c", "a1b2c", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "acb", false],
  ["a?c*", "abcd", true],
  ["**a**", "xax", true],
  ["a.c", "abc", false],
  ["(a|b)+", "a", false],
  ["[ab]", "a", false],
  ["\\*", "\\x", true],
  ["?", "😀", true],
  ["A", "a", false],
  ["home/${aws:username}/*", "home/alice/x", true],
  ["home/${aws:username}/*", "home/bob/x", false],
  ["${AWS:UserName}", "alice", true],
  ["${ aws:username }", "alice", true],
  ["${aws:missing}", "", false],
  ["${aws:missing}*", "x", false],
  ["${aws:missing, 'none'}", "none", true],
  ["${aws:username, 'none'}", "alice", true],
  ["${aws:username, 'none'}", "none", false],
  ["${aws:TagKeys}", "one", false],
  ["${aws:PrincipalTag/team}", "red*", true],
  ["${aws:PrincipalTag/team}", "redder", false],
  ["a${*}b", "a*b", true],
  ["a${*}b", "axb", false],
  ["a${?}b", "a?b", true],
  ["a${?}b", "axb", false],
  ["${$}{x}", "${x}", true],
  ["${unclosed", "${unclosed", true],
  ["${constructor}", "x", false],
];

test.each(texts)("%s against %s: %s", (pattern, value, matches) => {
  expect(compilePattern(pattern, { variables: true, wildcards: true }).matches(value, lookup)).toBe(matches);
});

test("without variables ${aws:username} is plain text", () => {
  const pattern = compilePattern("${aws:username}", { variables: false, wildcards: true });
  expect(pattern.matches("alice", lookup)).toBe(false);
  expect(pattern.matches("${aws:username}", lookup)).toBe(true);
});

test("without wildcards an asterisk is an asterisk", () => {
  const pattern = compilePattern("a*", { variables: true, wildcards: false });
  expect(pattern.matches("a*", lookup)).toBe(true);
  expect(pattern.matches("ab", lookup)).toBe(false);
});

const arns: readonly (readonly [pattern: string, value: string, matches: boolean])[] = [
  ["*", "*", true],
  ["arn:aws:sqs:us-east-1:111122223333:jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", true],
  ["arn:aws:sqs:*:111122223333:*", "arn:aws:sqs:us-east-1:111122223333:jobs", true],
  ["arn:aws:sqs:*:111122223333:jobs", "arn:aws:sqs:us-east-1:999999999999:x:111122223333:jobs", false],
  ["arn:aws:sqs:us-east-1:*:jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", true],
  ["arn:aws:sqs:us-east-1:*:jobs", "arn:aws:sqs:us-east-1:111122223333:other", false],
  ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", true],
  ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", false],
  ["arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/alice/a", true],
  ["arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/bob/a", false],
  ["arn:aws:sqs:us-east-1:${aws:SourceAccount}:jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", true],
  ["arn:aws:lambda:us-east-1:111122223333:function:f:*", "arn:aws:lambda:us-east-1:111122223333:function:f:1", true],
  ["arn:aws:lambda:us-east-1:111122223333:function:f:*", "arn:aws:lambda:us-east-1:111122223333:function:f", false],
  ["arn:aws:s3*", "arn:aws:s3:::bucket", true],
  ["arn:*:sqs:*:*:jobs", "not an arn", false],
  ["arn:aws:sqs:us-east-1:111122223333:Jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", false],
];

test.each(arns)("ARN %s against %s: %s", (pattern, value, matches) => {
  expect(compileArnPattern(pattern, { variables: true, wildcards: true }).matches(value, lookup)).toBe(matches);
});

test("a pattern of many asterisks against a long text is answered at once", () => {
  const pattern = compilePattern(`${"a*".repeat(200)}b`, { variables: false, wildcards: true });
  expect(pattern.matches("a".repeat(4000), lookup)).toBe(false);
});
