import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "pk:S sk:S", { local: { keys: "pk:S at:N", local: true }, all: { keys: "at:N" } });
  await dynamodb.PutItem({ TableName: "tbl", Item: { ...Key, at: { N: "5" } } });
});
afterEach(() => platform.close());

const Key = { pk: { S: "a" }, sk: { S: "b" } };

test("the item and its index entries are gone, and ALL_OLD gives it once more", async () => {
  const gone = await dynamodb.DeleteItem({
    TableName: "tbl",
    Key,
    ReturnValues: "ALL_OLD",
    ReturnConsumedCapacity: "INDEXES",
    ReturnItemCollectionMetrics: "SIZE",
  });
  expect(gone).toEqual({
    Attributes: { ...Key, at: { N: "5" } },
    ConsumedCapacity: {
      TableName: "tbl",
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
      GlobalSecondaryIndexes: { all: { CapacityUnits: 1 } },
    },
    ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: "a" } }, SizeEstimateRangeGB: [0, 1] },
  });
  for (const IndexName of [undefined, "local", "all"]) {
    expect((await dynamodb.Scan({ TableName: "tbl", IndexName })).Count).toBe(0);
  }
});

test("deleting nothing succeeds and costs a unit", async () => {
  const none = { pk: { S: "a" }, sk: { S: "none" } };
  const answer = await dynamodb.DeleteItem({
    TableName: "tbl",
    Key: none,
    ReturnValues: "ALL_OLD",
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(answer).toEqual({ ConsumedCapacity: { TableName: "tbl", CapacityUnits: 1 } });
});

test("a condition that fails keeps the item", async () => {
  const failure = dynamodb.DeleteItem({
    TableName: "tbl",
    Key,
    ConditionExpression: "#at > :v",
    ExpressionAttributeNames: { "#at": "at" },
    ExpressionAttributeValues: { ":v": { N: "5" } },
  });
  await expect(failure).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  expect((await dynamodb.GetItem({ TableName: "tbl", Key })).Item).toBeDefined();
});

test.each<[string, object, string]>([
  ["ReturnValues of an update", { Key, ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
  ["an incomplete key", { Key: { pk: { S: "a" } } }, "The provided key element does not match the schema"],
])("refuses %s", async (_what, input, message) => {
  await expect(dynamodb.DeleteItem({ TableName: "tbl", ...input } as never)).rejects.toMatchObject({ message });
});
