import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
const names = { logGroupName: "/app", logStreamName: "one" };

beforeEach(async () => {
  platform = await testPlatform();
  await platform.aws().logs.CreateLogGroup({ logGroupName: "/app" });
  await platform.aws().logs.CreateLogStream(names);
});
afterEach(() => platform.close());

const put = (events: [offsetMs: number, message: string][]) =>
  platform.aws().logs.PutLogEvents({
    ...names,
    logEvents: events.map(([offset, message]) => ({ timestamp: platform.clock.now() + offset, message })),
  });
const messages = async () => {
  const { events } = await platform.aws().logs.GetLogEvents({ ...names, startFromHead: true });
  return events!.map((event) => event.message);
};

test("events come back in order with their time and the time they arrived", async () => {
  await put([
    [-5, "a"],
    [0, "b"],
  ]);
  const { events } = await platform.aws().logs.GetLogEvents({ ...names, startFromHead: true });
  const now = platform.clock.now();
  expect(events).toEqual([
    { timestamp: now - 5, message: "a", ingestionTime: now },
    { timestamp: now, message: "b", ingestionTime: now },
  ]);
});

test("events of one millisecond keep the order in which they came", async () => {
  await put([
    [0, "a"],
    [0, "b"],
  ]);
  await put([[0, "c"]]);
  expect(await messages()).toEqual(["a", "b", "c"]);
});

test("a group or stream that does not exist is not found", async () => {
  const { logs } = platform.aws();
  const event = { timestamp: platform.clock.now(), message: "x" };
  await expect(logs.PutLogEvents({ ...names, logGroupName: "/other", logEvents: [event] })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "The specified log group does not exist.",
    status: 400,
  });
  await expect(logs.PutLogEvents({ ...names, logStreamName: "two", logEvents: [event] })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "The specified log stream does not exist.",
  });
});

test("a batch out of order, too wide or too large is refused whole", async () => {
  const refused = { code: "InvalidParameterException", status: 400 };
  await expect(
    put([
      [0, "b"],
      [-1, "a"],
    ]),
  ).rejects.toMatchObject({
    ...refused,
    message: "Log events in a single PutLogEvents request must be in chronological order.",
  });
  await expect(
    put([
      [-86_400_001, "a"],
      [0, "b"],
    ]),
  ).rejects.toMatchObject({
    ...refused,
    message: "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
  });
  await expect(put([[0, "x".repeat(1_048_576)]])).rejects.toMatchObject(refused);
  await expect(
    put([
      [0, "x".repeat(600_000)],
      [0, "x".repeat(600_000)],
    ]),
  ).rejects.toMatchObject({
    ...refused,
    message: "Upload too large: 1200052 bytes exceeds limit of 1048576",
  });
  expect(await messages()).toEqual([]);
});

test("events too old or too far in the future are left out, and the answer says which", async () => {
  const hour = 3_600_000;
  const old = await put([
    [-15 * 24 * hour, "old"],
    [-14 * 24 * hour - 1, "old too"],
    [-14 * 24 * hour, "kept"],
  ]);
  expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2 });
  const future = await put([
    [0, "now"],
    [2 * hour + 1, "future"],
  ]);
  expect(future.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
  expect(await messages()).toEqual(["kept", "now"]);
});

test("events older than the group's retention are left out as expired", async () => {
  await platform.aws().logs.PutRetentionPolicy({ logGroupName: "/app", retentionInDays: 1 });
  const answer = await put(
    [
      [-86_400_001, "expired"],
      [-1, "kept"],
    ].slice(0, 1) as [number, string][],
  );
  expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
  expect(await messages()).toEqual([]);
});

test("events survive a restart", async () => {
  await put([[0, "a"]]);
  await platform.restart();
  expect(await messages()).toEqual(["a"]);
});

test("an entity is told to be rejected, since nothing keeps it; its events are not", async () => {
  const answer = await platform.aws().logs.PutLogEvents({
    ...names,
    logEvents: [{ timestamp: platform.clock.now(), message: "a" }],
    entity: { keyAttributes: { Type: "Service", Name: "shop", Environment: "dev" } },
  });
  expect(answer.rejectedEntityInfo).toEqual({ errorType: "UnsupportedLogGroupType" });
  expect(await messages()).toEqual(["a"]);
});
