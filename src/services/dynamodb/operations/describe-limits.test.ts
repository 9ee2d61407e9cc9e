import { expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";

test("quotas are AWS's defaults", async () => {
  const platform = await TestPlatform.start();
  expect(await platform.aws().dynamodb.DescribeLimits({})).toEqual({
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  });
  await platform.close();
});
