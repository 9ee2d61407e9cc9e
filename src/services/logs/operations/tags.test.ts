import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
const resourceArn = "arn:aws:logs:us-east-1:000000000000:log-group:/app";

beforeEach(async () => {
  platform = await testPlatform();
  await platform.aws().logs.CreateLogGroup({ logGroupName: "/app", tags: { team: "a" } });
});
afterEach(() => platform.close());

test("tags are added, replaced and taken off by ARN", async () => {
  const { logs } = platform.aws();
  await logs.TagResource({ resourceArn, tags: { team: "b", env: "dev" } });
  expect(await logs.ListTagsForResource({ resourceArn })).toEqual({ tags: { team: "b", env: "dev" } });
  await logs.UntagResource({ resourceArn, tagKeys: ["team", "none"] });
  expect(await logs.ListTagsForResource({ resourceArn })).toEqual({ tags: { env: "dev" } });
});

test("the older operations do the same by name", async () => {
  const { logs } = platform.aws();
  await logs.TagLogGroup({ logGroupName: "/app", tags: { env: "dev" } });
  await logs.UntagLogGroup({ logGroupName: "/app", tags: ["team"] });
  expect(await logs.ListTagsLogGroup({ logGroupName: "/app" })).toEqual({ tags: { env: "dev" } });
});

test("the fifty-first tag, a missing group and an ARN of something else are refused", async () => {
  const { logs } = platform.aws();
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, "v"]));
  await expect(logs.TagResource({ resourceArn, tags })).rejects.toMatchObject({ code: "TooManyTagsException" });
  await expect(logs.ListTagsForResource({ resourceArn: `${resourceArn}2` })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await expect(logs.ListTagsForResource({ resourceArn: "arn:aws:sqs:us-east-1:000000000000:q" })).rejects.toMatchObject(
    {
      code: "InvalidParameterException",
    },
  );
});
