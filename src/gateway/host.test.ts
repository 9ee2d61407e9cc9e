import { describe, expect, it } from "vitest";
import { isLocalName, isLoopback, parseHost } from "./host.ts";

describe("parseHost", () => {
  it.each([
    ["localhost:4566", "localhost"],
    ["Bucket.S3.localhost", "bucket.s3.localhost"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]:4566", "::1"],
    ["my_host:1", "my_host"],
  ])("takes %s", (header, host) => {
    expect(parseHost(header)).toBe(host);
  });

  it.each(["", "a b", "a/b", "a:b", "a:1:2", "[::1", "[nonsense]", "a,b", "user@host", "a:123456", "<x>"])(
    "refuses %j",
    (header) => {
      expect(parseHost(header)).toBeUndefined();
    },
  );
});

describe("isLoopback", () => {
  it.each(["localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "::ffff:127.0.0.1", "app.localhost"])(
    "%s is",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(["0.0.0.0", "::", "192.168.1.1", "example.com", "localhost.example.com", "127.0.0.1.example.com", ""])(
    "%j is not",
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe("isLocalName", () => {
  it.each([
    "localhost",
    "10.0.0.1",
    "::1",
    "virga",
    "x.localhost",
    "a.localhost.localstack.cloud",
    "sqs.us-east-1.amazonaws.com",
  ])("%s is no page's", (host) => {
    expect(isLocalName(host)).toBe(true);
  });

  it.each(["evil.example", "localhost.evil.example", "amazonaws.com.evil.example"])("%s may be a page's", (host) => {
    expect(isLocalName(host)).toBe(false);
  });
});
