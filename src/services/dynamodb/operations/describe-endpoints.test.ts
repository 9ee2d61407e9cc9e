import { expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";

test("the only endpoint is this platform", async () => {
  const platform = await TestPlatform.start();
  const { Endpoints } = await platform.aws().dynamodb.DescribeEndpoints({});
  expect(Endpoints).toEqual([{ Address: expect.stringMatching(/^[^/]+:\d+$/), CachePeriodInMinutes: 1440 }]);
  await platform.close();
});
