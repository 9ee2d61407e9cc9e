import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "one", "id:S", { gsi: { keys: "kind:S" } });
  await makeTable(platform, "two", "pk:S sk:N", { lsi: { keys: "pk:S at:N", local: true } });
});
afterEach(() => platform.close());

const put = (id: string, more: object = {}) => ({ PutRequest: { Item: { id: { S: id }, ...more } } });
const remove = (id: string) => ({ DeleteRequest: { Key: { id: { S: id } } } });

test("puts and deletes in several tables, indexes included", async () => {
  await dynamodb.BatchWriteItem({
    RequestItems: { one: [put("a", { kind: { S: "k" } }), put("b", { kind: { S: "k" } })] },
  });
  const answer = await dynamodb.BatchWriteItem({
    RequestItems: {
      one: [remove("a"), put("c")],
      two: [{ PutRequest: { Item: { pk: { S: "p" }, sk: { N: "1" } } } }],
    },
    ReturnConsumedCapacity: "INDEXES",
    ReturnItemCollectionMetrics: "SIZE",
  });
  expect(answer).toEqual({
    UnprocessedItems: {},
    ItemCollectionMetrics: { two: [{ ItemCollectionKey: { pk: { S: "p" } }, SizeEstimateRangeGB: [0, 1] }] },
    ConsumedCapacity: [
      {
        TableName: "one",
        CapacityUnits: 3,
        Table: { CapacityUnits: 2 },
        GlobalSecondaryIndexes: { gsi: { CapacityUnits: 1 } },
      },
      { TableName: "two", CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    ],
  });
  const index = await dynamodb.Scan({ TableName: "one", IndexName: "gsi" });
  expect(index.Items).toEqual([{ id: { S: "b" }, kind: { S: "k" } }]);
});

test("a batch with one bad item writes nothing", async () => {
  await expect(dynamodb.BatchWriteItem({ RequestItems: { one: [put("a"), put("")] } })).rejects.toMatchObject({
    message:
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id",
  });
  expect((await dynamodb.Scan({ TableName: "one" })).Count).toBe(0);
});

test.each<[string, object, string]>([
  ["an item named twice", { one: [put("a"), remove("a")] }, "Provided list of item keys contains duplicates"],
  [
    "more than 25 requests in all",
    {
      one: Array.from({ length: 20 }, (_, at) => put(String(at))),
      two: Array.from({ length: 6 }, (_, at) => ({
        DeleteRequest: { Key: { pk: { S: "p" }, sk: { N: String(at) } } },
      })),
    },
    "Too many items requested for the BatchWriteItem call",
  ],
  [
    "a key of another type",
    { one: [{ PutRequest: { Item: { id: { N: "5" } } } }] },
    "The provided key element does not match the schema",
  ],
  [
    "an index key of another type",
    { one: [put("a", { kind: { N: "5" } })] },
    "One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: gsi",
  ],
  [
    "an item without its key",
    { one: [{ PutRequest: { Item: { x: { S: "x" } } } }] },
    "The provided key element does not match the schema",
  ],
])("refuses %s", async (_what, RequestItems, message) => {
  await expect(dynamodb.BatchWriteItem({ RequestItems } as never)).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});
