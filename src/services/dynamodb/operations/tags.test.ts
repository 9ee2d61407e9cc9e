import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S");
});
afterEach(() => platform.close());

const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/tbl";

test("tags are added, replaced and taken away", async () => {
  await dynamodb.TagResource({
    ResourceArn,
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await dynamodb.TagResource({ ResourceArn, Tags: [{ Key: "a", Value: "3" }] });
  await dynamodb.UntagResource({ ResourceArn, TagKeys: ["b", "nope"] });
  expect(await dynamodb.ListTagsOfResource({ ResourceArn })).toEqual({ Tags: [{ Key: "a", Value: "3" }] });
});

test("refuses more than 50 tags, reserved keys and tables that do not exist", async () => {
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: "" }));
  await expect(dynamodb.TagResource({ ResourceArn, Tags: many })).rejects.toMatchObject({
    name: "ValidationException",
  });
  await expect(dynamodb.TagResource({ ResourceArn, Tags: [{ Key: "aws:x", Value: "" }] })).rejects.toMatchObject({
    name: "ValidationException",
  });
  await expect(dynamodb.ListTagsOfResource({ ResourceArn: `${ResourceArn}x` })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
