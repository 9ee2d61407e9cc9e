import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
  await platform.aws().logs.CreateLogGroup({ logGroupName: "/app" });
});
afterEach(() => platform.close());

test("a stream is made once in a group", async () => {
  const { logs } = platform.aws();
  const names = { logGroupName: "/app", logStreamName: "2026/01/01/[$LATEST]abc" };
  expect(await logs.CreateLogStream(names)).toEqual({});
  await expect(logs.CreateLogStream(names)).rejects.toMatchObject({
    code: "ResourceAlreadyExistsException",
    message: "The specified log stream already exists",
  });
});

test("a stream needs its group", async () => {
  const creation = platform.aws().logs.CreateLogStream({ logGroupName: "/other", logStreamName: "s" });
  await expect(creation).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "The specified log group does not exist.",
  });
});
