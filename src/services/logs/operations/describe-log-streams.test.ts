import { afterEach, beforeEach, expect, test } from "vitest";
import type { DescribeLogStreamsRequest } from "../../../api/logs/types.ts";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
const logGroupName = "/app";

beforeEach(async () => {
  platform = await testPlatform();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName });
  for (const [logStreamName, age] of [
    ["b", 30],
    ["a", 10],
    ["c", 20],
  ] as const) {
    await logs.CreateLogStream({ logGroupName, logStreamName });
    const timestamp = platform.clock.now() - age;
    await logs.PutLogEvents({ logGroupName, logStreamName, logEvents: [{ timestamp, message: "m" }] });
  }
});
afterEach(() => platform.close());

async function names(input: Partial<DescribeLogStreamsRequest>) {
  return (await platform.aws().logs.DescribeLogStreams({ logGroupName, ...input })).logStreams!.map(
    (s) => s.logStreamName,
  );
}

test("a stream is described with its ARN and the times of its events", async () => {
  const { logStreams } = await platform.aws().logs.DescribeLogStreams({ logGroupName, logStreamNamePrefix: "a" });
  const now = platform.clock.now();
  expect(logStreams).toEqual([
    {
      logStreamName: "a",
      creationTime: now,
      firstEventTimestamp: now - 10,
      lastEventTimestamp: now - 10,
      lastIngestionTime: now,
      uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/app:log-stream:a",
      storedBytes: 0,
    },
  ]);
});

test("streams come by name or by the time of their last event, forwards or backwards", async () => {
  expect(await names({})).toEqual(["a", "b", "c"]);
  expect(await names({ descending: true })).toEqual(["c", "b", "a"]);
  expect(await names({ orderBy: "LastEventTime" })).toEqual(["b", "c", "a"]);
  expect(await names({ orderBy: "LastEventTime", descending: true })).toEqual(["a", "c", "b"]);
});

test("pages follow one another in either order", async () => {
  const { logs } = platform.aws();
  const request = { logGroupName, orderBy: "LastEventTime", descending: true, limit: 2 } as const;
  const first = await logs.DescribeLogStreams(request);
  const second = await logs.DescribeLogStreams({ ...request, nextToken: first.nextToken });
  expect(second.logStreams!.map((s) => s.logStreamName)).toEqual(["b"]);
  expect(second.nextToken).toBeUndefined();
});

test("a prefix does not go with order by time, nor a name with an identifier", async () => {
  const { logs } = platform.aws();
  for (const input of [
    { logGroupName, orderBy: "LastEventTime", logStreamNamePrefix: "a" },
    { logGroupName, logGroupIdentifier: logGroupName },
    {},
  ] as const) {
    await expect(logs.DescribeLogStreams(input)).rejects.toMatchObject({ code: "InvalidParameterException" });
  }
});
