import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../base/clock.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { makeFunction } from "../test-functions.ts";

let platform: TestPlatform<SystemClock>;
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
});
afterEach(() => platform.close());

async function invoke(event: unknown = {}) {
  const { EventStream, ...answer } = await platform.aws().lambda.InvokeWithResponseStream({
    FunctionName: "f",
    LogType: "Tail",
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const chunks: string[] = [];
  let complete;
  for await (const part of EventStream!) {
    if (part.PayloadChunk) chunks.push(Buffer.from(part.PayloadChunk.Payload!).toString());
    if (part.InvokeComplete) complete = part.InvokeComplete;
  }
  return { answer, chunks, complete };
}

test("what a function streams arrives in pieces, and then how it ended", async () => {
  await makeFunction(
    platform,
    `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write("one");
      await new Promise((done) => setTimeout(done, 50));
      if (event.fail) throw new TypeError("in the middle");
      stream.end("two");
    })`,
  );
  const { answer, chunks, complete } = await invoke();
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(chunks).toEqual(["one", "two"]);
  expect(complete).not.toHaveProperty("ErrorCode");
  expect(Buffer.from(complete!.LogResult!, "base64").toString()).toContain("REPORT RequestId");
  const failed = await invoke({ fail: true });
  expect(failed.chunks).toEqual(["one"]);
  expect(failed.complete).toMatchObject({
    ErrorCode: "Unhandled",
    ErrorDetails: expect.stringContaining("in the middle"),
  });
});

test("what a function answers at once is one piece", async () => {
  await makeFunction(
    platform,
    "exports.handler = async (event) => { if (event.fail) throw new Error('no'); return 7 }",
  );
  expect(await invoke()).toMatchObject({ chunks: ["7"] });
  expect(await invoke({ fail: true })).toMatchObject({ chunks: [], complete: { ErrorCode: "Unhandled" } });
  await expect(
    platform.aws().lambda.InvokeWithResponseStream({ FunctionName: "f", Payload: Buffer.from("{") }),
  ).rejects.toMatchObject({ code: "InvalidRequestContentException" });
});
