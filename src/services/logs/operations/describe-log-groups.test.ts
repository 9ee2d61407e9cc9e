import { afterEach, beforeEach, expect, test } from "vitest";
import type { DescribeLogGroupsRequest } from "../../../api/logs/types.ts";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
  for (const logGroupName of ["/b/1", "/a/2", "/a/1", "/c"]) await platform.aws().logs.CreateLogGroup({ logGroupName });
});
afterEach(() => platform.close());

async function names(input: DescribeLogGroupsRequest) {
  return (await platform.aws().logs.DescribeLogGroups(input)).logGroups!.map((group) => group.logGroupName);
}

test("groups come in the order of their names, by prefix, pattern or identifier", async () => {
  expect(await names({})).toEqual(["/a/1", "/a/2", "/b/1", "/c"]);
  expect(await names({ logGroupNamePrefix: "/a" })).toEqual(["/a/1", "/a/2"]);
  expect(await names({ logGroupNamePattern: "1" })).toEqual(["/a/1", "/b/1"]);
  expect(await names({ logGroupIdentifiers: ["/c", "arn:aws:logs:us-east-1:000000000000:log-group:/b/1"] })).toEqual([
    "/b/1",
    "/c",
  ]);
});

test("pages follow one another by token, and the last has none", async () => {
  const { logs } = platform.aws();
  const first = await logs.DescribeLogGroups({ limit: 3 });
  expect(first.logGroups).toHaveLength(3);
  const second = await logs.DescribeLogGroups({ limit: 3, nextToken: first.nextToken });
  expect(second.logGroups!.map((group) => group.logGroupName)).toEqual(["/c"]);
  expect(second.nextToken).toBeUndefined();
  expect((await logs.DescribeLogGroups({ limit: 4 })).nextToken).toBeUndefined();
});

test("stored bytes are those of all streams", async () => {
  const { logs } = platform.aws();
  const stream = { logGroupName: "/c", logStreamName: "s" };
  await logs.CreateLogStream(stream);
  await logs.PutLogEvents({ ...stream, logEvents: [{ timestamp: platform.clock.now(), message: "1234" }] });
  const { logGroups } = await logs.DescribeLogGroups({ logGroupNamePrefix: "/c" });
  expect(logGroups![0]!.storedBytes).toBe(30);
});

test("a token that was not given out, and prefix beside pattern, are refused", async () => {
  const { logs } = platform.aws();
  for (const input of [
    { nextToken: "!" },
    { nextToken: "WzFd" },
    { logGroupNamePrefix: "a", logGroupNamePattern: "b" },
  ]) {
    await expect(logs.DescribeLogGroups(input)).rejects.toMatchObject({
      code: "InvalidParameterException",
      status: 400,
    });
  }
});
