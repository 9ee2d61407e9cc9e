import { expect, test } from "vitest";
import { testPlatform } from "../../../../test/harness/platform.ts";

test("protection shows in the description and is found by ARN too", async () => {
  const platform = await testPlatform();
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName: "/app" });
  await logs.PutLogGroupDeletionProtection({
    logGroupIdentifier: "arn:aws:logs:us-east-1:000000000000:log-group:/app",
    deletionProtectionEnabled: true,
  });
  expect((await logs.DescribeLogGroups({})).logGroups![0]!.deletionProtectionEnabled).toBe(true);
  await expect(
    logs.PutLogGroupDeletionProtection({ logGroupIdentifier: "/other", deletionProtectionEnabled: true }),
  ).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  await platform.close();
});
