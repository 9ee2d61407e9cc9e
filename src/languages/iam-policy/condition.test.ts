import { expect, test } from "vitest";
import { compileCondition } from "./condition.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { ContextValue } from "./pattern.ts";
import { PolicyError } from "./policy.ts";

type Context = Readonly<Record<string, ContextValue>>;
type Block = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function holds(block: Block, context: Context, version = "2012-10-17"): boolean {
  const document = parsePolicy(
    JSON.stringify({ Version: version, Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: block } }),
  );
  if (document instanceof PolicyError) throw new Error(`${document.message} ${document.path}`);
  const lookup = (key: string) => (Object.hasOwn(context, key) ? context[key] : undefined);
  return document.statements[0]!.conditions.every((condition) =>
    compileCondition(condition, document.version === "2012-10-17")(lookup),
  );
}

const cases: readonly (readonly [block: Block, context: Context, expected: boolean])[] = [
  // Strings
  [{ StringEquals: { "aws:username": "alice" } }, { "aws:username": "alice" }, true],
  [{ StringEquals: { "aws:username": "alice" } }, { "aws:username": "Alice" }, false],
  [{ StringEquals: { "aws:username": ["bob", "alice"] } }, { "aws:username": "alice" }, true],
  [{ StringEquals: { "aws:username": "a*" } }, { "aws:username": "alice" }, false],
  [{ StringEquals: { "aws:username": "alice" } }, {}, false],
  [{ StringEquals: { "AWS:UserName": "alice" } }, { "aws:username": "alice" }, true],
  [{ StringEquals: { "aws:username": [] } }, { "aws:username": "alice" }, false],
  [{ StringNotEquals: { "aws:username": "alice" } }, { "aws:username": "alice" }, false],
  [{ StringNotEquals: { "aws:username": "alice" } }, { "aws:username": "bob" }, true],
  [{ StringNotEquals: { "aws:username": ["alice", "bob"] } }, { "aws:username": "bob" }, false],
  [{ StringNotEquals: { "aws:username": "alice" } }, {}, true],
  [{ StringEqualsIgnoreCase: { "aws:username": "ALICE" } }, { "aws:username": "alice" }, true],
  [{ StringNotEqualsIgnoreCase: { "aws:username": "ALICE" } }, { "aws:username": "alice" }, false],
  [{ StringLike: { "aws:username": "al?c*" } }, { "aws:username": "alice" }, true],
  [{ StringLike: { "aws:username": "b*" } }, { "aws:username": "alice" }, false],
  [{ StringNotLike: { "aws:username": "a*" } }, { "aws:username": "alice" }, false],
  [{ StringNotLike: { "aws:username": "b*" } }, { "aws:username": "alice" }, true],
  [{ StringEquals: { "s3:prefix": "${aws:username}" } }, { "s3:prefix": "alice", "aws:username": "alice" }, true],
  [{ StringEquals: { "s3:prefix": "${aws:username}" } }, { "s3:prefix": "alice" }, false],
  [{ StringNotEquals: { "s3:prefix": "${aws:username}" } }, { "s3:prefix": "alice" }, true],
  [{ StringLike: { "s3:prefix": "${aws:username}/*" } }, { "s3:prefix": "al/x", "aws:username": "al" }, true],
  [{ stringequals: { "aws:username": "alice" } }, { "aws:username": "alice" }, true],
  // Numbers
  [{ NumericEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10.0" }, true],
  [{ NumericEquals: { "s3:max-keys": 10 } }, { "s3:max-keys": "10" }, true],
  [{ NumericEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "ten" }, false],
  [{ NumericNotEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "11" }, true],
  [{ NumericNotEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, false],
  [{ NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "9" }, true],
  [{ NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, false],
  [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, true],
  [{ NumericGreaterThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, false],
  [{ NumericGreaterThan: { "s3:max-keys": "9" } }, { "s3:max-keys": "10" }, true],
  [{ NumericGreaterThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, true],
  [{ NumericGreaterThan: { "s3:max-keys": "-1" } }, { "s3:max-keys": "0" }, true],
  [{ NumericLessThan: { "s3:max-keys": "10" } }, {}, false],
  // Dates
  [
    { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
    { "aws:currenttime": "2026-01-01T00:00:01Z" },
    true,
  ],
  [
    { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
    { "aws:currenttime": "2026-01-01T00:00:00Z" },
    false,
  ],
  [{ DateGreaterThanEquals: { "aws:CurrentTime": "2026-01-01" } }, { "aws:currenttime": "2026-01-01T00:00:00Z" }, true],
  [
    { DateLessThan: { "aws:CurrentTime": "2026-01-01T02:00:00+02:00" } },
    { "aws:currenttime": "2025-12-31T23:59:59Z" },
    true,
  ],
  [{ DateLessThanEquals: { "aws:EpochTime": "1767225600" } }, { "aws:epochtime": "1767225600" }, true],
  [{ DateEquals: { "aws:EpochTime": "2026-01-01T00:00:00Z" } }, { "aws:epochtime": "1767225600" }, true],
  [{ DateNotEquals: { "aws:EpochTime": "2026-01-01T00:00:00Z" } }, { "aws:epochtime": "1767225601" }, true],
  [{ DateEquals: { "aws:CurrentTime": "yesterday" } }, { "aws:currenttime": "2026-01-01T00:00:00Z" }, false],
  [{ DateEquals: { "aws:CurrentTime": "2026-01-01T00:00" } }, { "aws:currenttime": "2026-01-01T00:00:00Z" }, true],
  // Booleans, binaries, presence
  [{ Bool: { "aws:SecureTransport": "true" } }, { "aws:securetransport": "true" }, true],
  [{ Bool: { "aws:SecureTransport": true } }, { "aws:securetransport": "true" }, true],
  [{ Bool: { "aws:SecureTransport": "True" } }, { "aws:securetransport": "true" }, true],
  [{ Bool: { "aws:SecureTransport": "false" } }, { "aws:securetransport": "true" }, false],
  [{ Bool: { "aws:MultiFactorAuthPresent": "false" } }, {}, false],
  [{ BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }, {}, true],
  [{ BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }, { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" }, true],
  [{ BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }, { key: "ASIAAAAA" }, false],
  [{ Null: { "aws:TokenIssueTime": "true" } }, {}, true],
  [{ Null: { "aws:TokenIssueTime": "true" } }, { "aws:tokenissuetime": "2026-01-01T00:00:00Z" }, false],
  [{ Null: { "aws:TokenIssueTime": "false" } }, { "aws:tokenissuetime": "2026-01-01T00:00:00Z" }, true],
  [{ Null: { "aws:TokenIssueTime": false } }, {}, false],
  [{ Null: { "aws:TagKeys": "true" } }, { "aws:tagkeys": [] }, true],
  // Addresses
  [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, { "aws:sourceip": "203.0.113.7" }, true],
  [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, { "aws:sourceip": "203.0.114.7" }, false],
  [{ IpAddress: { "aws:SourceIp": "203.0.113.7" } }, { "aws:sourceip": "203.0.113.7" }, true],
  [{ IpAddress: { "aws:SourceIp": "203.0.113.7" } }, { "aws:sourceip": "203.0.113.8" }, false],
  [{ IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"] } }, { "aws:sourceip": "192.168.3.4" }, true],
  [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, { "aws:sourceip": "8.8.8.8" }, true],
  [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, { "aws:sourceip": "::1" }, false],
  [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, { "aws:sourceip": "2001:db8:1234::1" }, true],
  [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, { "aws:sourceip": "2001:db9::1" }, false],
  [{ IpAddress: { "aws:SourceIp": "::1" } }, { "aws:sourceip": "0:0:0:0:0:0:0:1" }, true],
  [{ IpAddress: { "aws:SourceIp": "127.0.0.1/32" } }, { "aws:sourceip": "::ffff:127.0.0.1" }, true],
  [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, { "aws:sourceip": "AWS Internal" }, false],
  [{ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, { "aws:sourceip": "11.0.0.1" }, true],
  [{ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, { "aws:sourceip": "10.1.2.3" }, false],
  [{ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, {}, true],
  [{ IpAddress: { "aws:SourceIp": "10.0.0.0/33" } }, { "aws:sourceip": "10.0.0.0" }, false],
  [{ IpAddress: { "aws:SourceIp": "10.0.0.256" } }, { "aws:sourceip": "10.0.0.1" }, false],
  [{ IpAddress: { "aws:SourceIp": "1::2::3" } }, { "aws:sourceip": "1::3" }, false],
  // ARNs
  [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket*" } }, { "aws:sourcearn": "arn:aws:s3:::bucket-1" }, true],
  [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::bucket*" } }, { "aws:sourcearn": "arn:aws:s3:::bucket-1" }, true],
  [
    { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:*:111122223333:abc/*" } },
    { "aws:sourcearn": "arn:aws:execute-api:us-east-1:111122223333:abc/dev/GET/users" },
    true,
  ],
  [
    { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:111122223333:*" } },
    { "aws:sourcearn": "arn:aws:sns:us-east-1:444455556666:topic" },
    false,
  ],
  [{ ArnNotLike: { "aws:SourceArn": "arn:aws:s3:::b*" } }, { "aws:sourcearn": "arn:aws:s3:::bucket" }, false],
  [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:s3:::c*" } }, { "aws:sourcearn": "arn:aws:s3:::bucket" }, true],
  [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::b*" } }, {}, false],
  [{ ArnLikeIfExists: { "aws:SourceArn": "arn:aws:s3:::b*" } }, {}, true],
  // …IfExists
  [{ StringEqualsIfExists: { "ec2:InstanceType": "t1.micro" } }, {}, true],
  [{ StringEqualsIfExists: { "ec2:InstanceType": "t1.micro" } }, { "ec2:instancetype": "t1.micro" }, true],
  [{ StringEqualsIfExists: { "ec2:InstanceType": "t1.micro" } }, { "ec2:instancetype": "m5" }, false],
  [{ NumericLessThanIfExists: { "s3:max-keys": "3" } }, {}, true],
  // Sets
  [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["a"] }, true],
  [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["a", "c"] }, false],
  [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, {}, true],
  [{ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["c", "d"] }, true],
  [{ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["c", "a"] }, false],
  [
    { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["${aws:userid}"] } },
    { "dynamodb:leadingkeys": ["U"], "aws:userid": "U" },
    true,
  ],
  [
    { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["${aws:userid}"] } },
    { "dynamodb:leadingkeys": ["V"], "aws:userid": "U" },
    false,
  ],
  [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["c", "b"] }, true],
  [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:tagkeys": ["c"] }, false],
  [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, {}, false],
  [{ "ForAnyValue:StringEqualsIfExists": { "aws:TagKeys": ["a"] } }, {}, true],
  [{ "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["a"] } }, { "aws:tagkeys": ["a", "b"] }, true],
  [{ "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["a"] } }, { "aws:tagkeys": ["a"] }, false],
  [{ "ForAnyValue:NumericLessThan": { n: "5" } }, { n: ["9", "4"] }, true],
  [{ "ForAllValues:IpAddress": { ip: "10.0.0.0/8" } }, { ip: ["10.0.0.1", "11.0.0.1"] }, false],
  // Several keys and operators are all needed; several values are alternatives.
  [{ StringEquals: { a: "1", b: "2" } }, { a: "1", b: "2" }, true],
  [{ StringEquals: { a: "1", b: "2" } }, { a: "1", b: "3" }, false],
  [{ StringEquals: { a: "1" }, NumericLessThan: { b: "2" } }, { a: "1", b: "3" }, false],
  [{}, {}, true],
];

test.each(cases)("%j with %j: %s", (block, context, expected) => {
  expect(holds(block, context)).toBe(expected);
});

test("policy variables mean nothing before version 2012-10-17", () => {
  const block = { StringEquals: { a: "${aws:username}" } };
  expect(holds(block, { a: "alice", "aws:username": "alice" }, "2008-10-17")).toBe(false);
  expect(holds(block, { a: "${aws:username}", "aws:username": "alice" }, "2008-10-17")).toBe(true);
});
