import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { logEvents, logStreams } from "../state.ts";

let platform: TestPlatform;
const names = { logGroupName: "/app", logStreamName: "one" };

beforeEach(async () => {
  platform = await testPlatform();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName: "/app" });
  await logs.CreateLogStream(names);
  const timestamp = platform.clock.now();
  await logs.PutLogEvents({
    ...names,
    logEvents: Array.from({ length: 1200 }, (_, i) => ({ timestamp, message: `m${i}` })),
  });
});
afterEach(() => platform.close());

const left = () =>
  platform.kernel.context("logs", "000000000000", "us-east-1").read(async (snapshot) => ({
    streams: (await Array.fromAsync(snapshot.list(logStreams))).length,
    events: (await Array.fromAsync(snapshot.list(logEvents))).length,
  }));

test("a deleted group is gone at once and its streams and events soon after", async () => {
  const { logs } = platform.aws();
  await logs.DeleteLogGroup({ logGroupName: "/app" });
  expect((await logs.DescribeLogGroups({})).logGroups).toEqual([]);
  await platform.idle();
  expect(await left()).toEqual({ streams: 0, events: 0 });
});

test("a group made again under the same name is empty, even before the old events are gone", async () => {
  const { logs } = platform.aws();
  await logs.DeleteLogGroup({ logGroupName: "/app" });
  await logs.CreateLogGroup({ logGroupName: "/app" });
  expect((await logs.DescribeLogStreams({ logGroupName: "/app" })).logStreams).toEqual([]);
});

test("what is left to delete is deleted after a restart", async () => {
  await platform.aws().logs.DeleteLogGroup({ logGroupName: "/app" });
  await platform.restart();
  await platform.idle();
  expect(await left()).toEqual({ streams: 0, events: 0 });
});

test("a protected group is not deleted until its protection is taken off", async () => {
  const { logs } = platform.aws();
  await logs.PutLogGroupDeletionProtection({ logGroupIdentifier: "/app", deletionProtectionEnabled: true });
  await expect(logs.DeleteLogGroup({ logGroupName: "/app" })).rejects.toMatchObject({ code: "ValidationException" });
  await logs.PutLogGroupDeletionProtection({ logGroupIdentifier: "/app", deletionProtectionEnabled: false });
  await logs.DeleteLogGroup({ logGroupName: "/app" });
});

test("a group that does not exist is not found", async () => {
  await expect(platform.aws().logs.DeleteLogGroup({ logGroupName: "/other" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "The specified log group does not exist.",
  });
});
