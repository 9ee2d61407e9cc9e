import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { logEvents } from "../state.ts";

let platform: TestPlatform;
const stream = { logGroupName: "/app", logStreamName: "one" };

beforeEach(async () => {
  platform = await testPlatform();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName: "/app" });
  await logs.CreateLogStream(stream);
  await logs.PutLogEvents({ ...stream, logEvents: [{ timestamp: platform.clock.now(), message: "m" }] });
});
afterEach(() => platform.close());

const storedEvents = async () =>
  (
    await platform.kernel
      .context("logs", "000000000000", "us-east-1")
      .read((snapshot) => Array.fromAsync(snapshot.list(logEvents)))
  ).length;

test("events are deleted within a day of their expiry", async () => {
  await platform.aws().logs.PutRetentionPolicy({ logGroupName: "/app", retentionInDays: 3 });
  for (let day = 0; day < 3; day++) {
    await platform.idle();
    expect(await storedEvents()).toBe(1);
    await platform.clock.advance(86_400_000);
  }
  await platform.idle();
  await platform.clock.advance(86_400_000);
  await platform.idle();
  expect(await storedEvents()).toBe(0);
});

test("without a policy events stay", async () => {
  const { logs } = platform.aws();
  await logs.PutRetentionPolicy({ logGroupName: "/app", retentionInDays: 1 });
  expect((await logs.DescribeLogGroups({})).logGroups![0]!.retentionInDays).toBe(1);
  await logs.DeleteRetentionPolicy({ logGroupName: "/app" });
  expect((await logs.DescribeLogGroups({})).logGroups![0]).not.toHaveProperty("retentionInDays");
  await platform.clock.advance(10 * 86_400_000);
  await platform.idle();
  expect(await storedEvents()).toBe(1);
});

test("only AWS's numbers of days are taken", async () => {
  await expect(
    platform.aws().logs.PutRetentionPolicy({ logGroupName: "/app", retentionInDays: 2 }),
  ).rejects.toMatchObject({
    code: "InvalidParameterException",
  });
});
