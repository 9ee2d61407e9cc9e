import { afterEach, beforeEach, expect, test } from "vitest";
import type { FilterLogEventsRequest } from "../../../api/logs/types.ts";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
let start: number;
const logGroupName = "/app";

beforeEach(async () => {
  platform = await testPlatform();
  start = platform.clock.now();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName });
  for (const [logStreamName, offsets] of [
    ["x/1", [0, 2, 4]],
    ["x/2", [1, 2, 3]],
    ["y/1", [2, 5]],
  ] as const) {
    await logs.CreateLogStream({ logGroupName, logStreamName });
    const logEvents = offsets.map((at) => ({
      timestamp: start + at,
      message: `${at % 2 ? "odd" : "even"} ${logStreamName}@${at}`,
    }));
    await logs.PutLogEvents({ logGroupName, logStreamName, logEvents });
  }
});
afterEach(() => platform.close());

async function found(input: Partial<FilterLogEventsRequest> = {}) {
  const { events } = await platform.aws().logs.FilterLogEvents({ logGroupName, ...input });
  return events!.map((event) => event.message!.split(" ")[1]);
}

test("events of all streams come interleaved by time", async () => {
  expect(await found()).toEqual(["x/1@0", "x/2@1", "x/1@2", "x/2@2", "y/1@2", "x/2@3", "x/1@4", "y/1@5"]);
});

test("streams are chosen by name or prefix and events by time and pattern", async () => {
  expect(await found({ logStreamNames: ["y/1", "x/1"] })).toEqual(["x/1@0", "x/1@2", "y/1@2", "x/1@4", "y/1@5"]);
  expect(await found({ logStreamNamePrefix: "x/", startTime: start + 2, endTime: start + 3 })).toEqual([
    "x/1@2",
    "x/2@2",
    "x/2@3",
  ]);
  expect(await found({ filterPattern: "odd -y" })).toEqual(["x/2@1", "x/2@3"]);
});

test("pages of any size put together are the whole", async () => {
  const whole = await found();
  for (const limit of [1, 2, 3, 7]) {
    const pages: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await platform.aws().logs.FilterLogEvents({ logGroupName, limit, nextToken });
      pages.push(...page.events!.map((event) => event.message!.split(" ")[1]));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(pages).toEqual(whole);
  }
});

test("events have ids that differ, and name their stream", async () => {
  const { events } = await platform.aws().logs.FilterLogEvents({ logGroupName });
  expect(new Set(events!.map((event) => event.eventId)).size).toBe(8);
  expect(events![0]).toEqual({
    logStreamName: "x/1",
    timestamp: start,
    message: "even x/1@0",
    ingestionTime: start,
    eventId: expect.stringMatching(/^\d{56}$/),
  });
});

test("patterns of forms that are not built, or broken, are refused and not ignored", async () => {
  await expect(found({ filterPattern: "{ $.a = 1 }" })).rejects.toMatchObject({ status: 501 });
  await expect(found({ filterPattern: '"open' })).rejects.toMatchObject({ code: "InvalidParameterException" });
});

test("streams named must exist, and names do not go with a prefix", async () => {
  await expect(found({ logStreamNames: ["z"] })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  await expect(found({ logStreamNames: ["x/1"], logStreamNamePrefix: "x" })).rejects.toMatchObject({
    code: "InvalidParameterException",
  });
});
