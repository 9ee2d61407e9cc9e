import { describe, expect, it } from "vitest";
import { findSignature, formatBasicDate, parseBasicDate } from "./signature.ts";

const scope = "20260101/us-east-1/sqs/aws4_request";
const date = { "x-amz-date": "20260101T000000Z" };
const header = (authorization: string, more: Record<string, string> = date) =>
  findSignature({ authorization, ...more }, "");

describe("the Authorization header", () => {
  it.each([
    `AWS4-HMAC-SHA256 Credential=KEY/${scope}, SignedHeaders=host;x-amz-date, Signature=abc`,
    `AWS4-HMAC-SHA256 Credential=KEY/${scope},SignedHeaders=host;x-amz-date,Signature=abc`,
    `AWS4-HMAC-SHA256 Signature=abc, SignedHeaders=host;x-amz-date,  Credential=KEY/${scope}`,
  ])("is read in any order and spacing: %s", (authorization) => {
    expect(header(authorization)).toEqual({
      form: "header",
      accessKeyId: "KEY",
      date: "20260101",
      region: "us-east-1",
      service: "sqs",
      signedHeaders: "host;x-amz-date",
      signature: "abc",
      signedAt: "20260101T000000Z",
      sessionToken: undefined,
      expiresSeconds: undefined,
      malformed: undefined,
    });
  });

  it("may hold a key id with slashes", () => {
    expect(header(`AWS4-HMAC-SHA256 Credential=a/b/${scope}, SignedHeaders=host, Signature=0`)?.accessKeyId).toBe(
      "a/b",
    );
  });

  it("takes its time from the Date header where there is no other", () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=KEY/${scope}, SignedHeaders=date;host, Signature=0`;
    const found = header(authorization, { date: "Thu, 01 Jan 2026 12:00:00 GMT" });
    expect([found?.signedAt, found?.malformed]).toEqual(["20260101T120000Z", undefined]);
  });

  it.each<[string, string, RegExp]>([
    ["nothing", "AWS4-HMAC-SHA256", /requires 'Credential'.*requires 'Signature'.*requires 'SignedHeaders'/],
    ["no signature", `AWS4-HMAC-SHA256 Credential=KEY/${scope}, SignedHeaders=host`, /requires 'Signature' parameter/],
    [
      "a scope that is none",
      "AWS4-HMAC-SHA256 Credential=KEY/20260101, SignedHeaders=host, Signature=0",
      /exactly 5 slash-delimited elements.*got 'KEY\/20260101'/,
    ],
    [
      "another day in its scope",
      `AWS4-HMAC-SHA256 Credential=KEY/${scope.replace("0101", "0102")}, SignedHeaders=host, Signature=0`,
      /'20260102' != '20260101', from '20260101T000000Z'/,
    ],
    [
      "Signature Version 4A",
      `AWS4-ECDSA-P256-SHA256 Credential=KEY/20260101/s3/aws4_request`,
      /4A .* is not supported/,
    ],
  ])("is malformed with %s", (_name, authorization, message) => {
    expect(header(authorization)?.malformed).toMatch(message);
  });

  it("of another scheme is no signature", () => {
    expect(header("Bearer token")).toBeUndefined();
    expect(findSignature({}, "")).toBeUndefined();
  });
});

describe("a presigned URL", () => {
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `KEY/${scope}`,
    "X-Amz-Date": "20260101T000000Z",
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Security-Token": "tok/en+",
    "X-Amz-Signature": "abc",
  };
  const url = (change: Record<string, string>) =>
    findSignature({}, new URLSearchParams({ ...parameters, ...change }).toString());

  it("is read", () => {
    expect(url({})).toMatchObject({
      form: "query",
      accessKeyId: "KEY",
      service: "sqs",
      sessionToken: "tok/en+",
      expiresSeconds: 60,
      malformed: undefined,
    });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ "X-Amz-Date": "" }, /must include 'X-Amz-Date'/],
    [{ "X-Amz-Expires": "soon" }, /should be a number/],
    [{ "X-Amz-Expires": "-1" }, /should be a number/],
    [{ "X-Amz-Expires": "604801" }, /less than 604800 seconds/],
    [{ "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" }, /only supports "AWS4-HMAC-SHA256"/],
  ])("is malformed with %j", (change, message) => {
    expect(url(change)?.malformed).toMatch(message);
  });

  it("is not seen in other parameters", () => {
    expect(findSignature({}, "X-Amz-Meta=1&a=b")).toBeUndefined();
  });
});

describe("dates in ISO 8601's basic form", () => {
  it("go both ways", () => {
    expect(formatBasicDate(parseBasicDate("20150830T123600Z"))).toBe("20150830T123600Z");
  });

  it.each(["", "20150830", "2015-08-30T12:36:00Z", "20151330T123600Z", "20150830T123600"])("are not %j", (text) => {
    expect(parseBasicDate(text)).toBeNaN();
  });
});
