import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("a group is described with its ARNs, class and creation time", async () => {
  const { logs } = platform.aws();
  expect(await logs.CreateLogGroup({ logGroupName: "/aws/lambda/hello", tags: { team: "a" } })).toEqual({});
  expect((await logs.DescribeLogGroups({})).logGroups).toEqual([
    {
      logGroupName: "/aws/lambda/hello",
      creationTime: platform.clock.now(),
      metricFilterCount: 0,
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/hello:*",
      logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/hello",
      storedBytes: 0,
      logGroupClass: "STANDARD",
      deletionProtectionEnabled: false,
    },
  ]);
});

test("a group that exists is not made again", async () => {
  const { logs } = platform.aws();
  await logs.CreateLogGroup({ logGroupName: "a" });
  await expect(logs.CreateLogGroup({ logGroupName: "a" })).rejects.toMatchObject({
    code: "ResourceAlreadyExistsException",
    message: "The specified log group already exists",
    status: 400,
  });
});

test("groups belong to their account and region", async () => {
  await platform.aws().logs.CreateLogGroup({ logGroupName: "a" });
  const elsewhere = platform.aws(undefined, { region: "eu-west-1" }).logs;
  expect((await elsewhere.DescribeLogGroups({})).logGroups).toEqual([]);
  await elsewhere.CreateLogGroup({ logGroupName: "a" });
});

test("encryption, which is not built, is refused and not ignored", async () => {
  const creation = platform
    .aws()
    .logs.CreateLogGroup({ logGroupName: "a", kmsKeyId: "arn:aws:kms:us-east-1:000000000000:key/x" });
  await expect(creation).rejects.toMatchObject({ status: 501, message: expect.stringContaining("kmsKeyId") });
});

test("names that AWS reserves are refused", async () => {
  await expect(platform.aws().logs.CreateLogGroup({ logGroupName: "aws/x" })).rejects.toMatchObject({
    code: "InvalidParameterException",
  });
});
