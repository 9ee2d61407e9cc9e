import { afterEach, beforeEach, expect, test } from "vitest";
import type { GetLogEventsRequest } from "../../../api/logs/types.ts";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
const stream = { logGroupName: "/app", logStreamName: "one" };
let start: number;

beforeEach(async () => {
  platform = await testPlatform();
  start = platform.clock.now();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName: "/app" });
  await logs.CreateLogStream(stream);
  await logs.PutLogEvents({
    ...stream,
    logEvents: [0, 1, 2, 3, 4].map((i) => ({ timestamp: start + i, message: String(i) })),
  });
});
afterEach(() => platform.close());

async function get(input: Partial<GetLogEventsRequest> = {}) {
  const answer = await platform.aws().logs.GetLogEvents({ ...stream, ...input });
  return {
    text: answer.events!.map((event) => event.message).join(""),
    forward: answer.nextForwardToken,
    backward: answer.nextBackwardToken,
  };
}

test("without a token the latest events come, or the earliest when asked from the head", async () => {
  expect((await get({ limit: 2 })).text).toBe("34");
  expect((await get({ limit: 2, startFromHead: true })).text).toBe("01");
  expect((await get()).text).toBe("01234");
});

test("tokens go forwards and backwards from any page, and repeat at the ends", async () => {
  const first = await get({ limit: 2, startFromHead: true });
  const second = await get({ limit: 2, nextToken: first.forward });
  const third = await get({ limit: 2, nextToken: second.forward });
  expect([second.text, third.text]).toEqual(["23", "4"]);
  const end = await get({ nextToken: third.forward });
  expect(end).toMatchObject({ text: "", forward: third.forward });
  expect((await get({ limit: 2, nextToken: third.backward })).text).toBe("23");
  const beginning = await get({ nextToken: first.backward });
  expect(beginning).toMatchObject({ text: "", backward: first.backward });
});

test("a forward token at the end finds what comes later", async () => {
  const all = await get({ startFromHead: true });
  await platform.aws().logs.PutLogEvents({ ...stream, logEvents: [{ timestamp: start + 4, message: "later" }] });
  expect((await get({ nextToken: all.forward })).text).toBe("later");
});

test("the start time is inclusive and the end time exclusive", async () => {
  expect((await get({ startTime: start + 1, endTime: start + 3 })).text).toBe("12");
});

test("a page holds at most 1 MB", async () => {
  const { logs } = platform.aws();
  const message = "x".repeat(300_000);
  for (let i = 0; i < 4; i++) await logs.PutLogEvents({ ...stream, logEvents: [{ timestamp: start + 10, message }] });
  const page = await logs.GetLogEvents({ ...stream, startFromHead: true, startTime: start + 10 });
  expect(page.events).toHaveLength(3);
});

test("expired events are not given out, even before they are deleted", async () => {
  await platform.aws().logs.PutRetentionPolicy({ logGroupName: "/app", retentionInDays: 1 });
  await platform.idle();
  await platform.clock.advance(86_400_000 - 1000);
  expect((await get()).text).toBe("01234");
  await platform.clock.advance(1002);
  expect((await get()).text).toBe("234");
});

test("a token that was not given out is refused", async () => {
  await expect(get({ nextToken: "f/x" })).rejects.toMatchObject({
    code: "InvalidParameterException",
    message: "The specified nextToken is invalid.",
  });
});
