import { expect, test } from "vitest";
import { testPlatform } from "../../../../test/harness/platform.ts";
import { logEvents } from "../state.ts";

test("a deleted stream is gone with its events, and may be made again empty", async () => {
  const platform = await testPlatform();
  const { logs } = platform.aws();
  const names = { logGroupName: "/app", logStreamName: "one" };
  await logs.CreateLogGroup({ logGroupName: "/app" });
  await logs.CreateLogStream(names);
  await logs.PutLogEvents({ ...names, logEvents: [{ timestamp: platform.clock.now(), message: "a" }] });
  await logs.DeleteLogStream(names);
  await expect(logs.GetLogEvents(names)).rejects.toMatchObject({ message: "The specified log stream does not exist." });
  await logs.CreateLogStream(names);
  expect((await logs.GetLogEvents(names)).events).toEqual([]);
  await platform.idle();
  const left = await platform.kernel
    .context("logs", "000000000000", "us-east-1")
    .read((snapshot) => Array.fromAsync(snapshot.list(logEvents)));
  expect(left).toEqual([]);
  await expect(logs.DeleteLogStream({ ...names, logStreamName: "two" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await platform.close();
});
