import { expect, test } from "vitest";
import { formatArn, parseArn } from "./arn.ts";

test("an ARN comes apart into its parts and together again", () => {
  const text = "arn:aws:logs:us-east-1:111122223333:log-group:/a:*";
  const arn = parseArn(text)!;
  expect(arn).toEqual({
    partition: "aws",
    service: "logs",
    region: "us-east-1",
    account: "111122223333",
    resource: "log-group:/a:*",
  });
  expect(formatArn(arn.service, arn.region, arn.account, arn.resource)).toBe(text);
  expect(parseArn("arn:aws:iam::aws:policy/AdministratorAccess")).toMatchObject({ region: "", account: "aws" });
});

test.each(["", "arn", "arn:aws:s3", "urn:aws:s3:::bucket", "arn::s3:::bucket", "arn:aws:::1:x", "arn:aws:s3:::"])(
  "%j is no ARN",
  (text) => {
    expect(parseArn(text)).toBeUndefined();
  },
);
