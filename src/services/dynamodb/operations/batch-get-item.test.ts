import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "one", "id:S");
  await makeTable(platform, "two", "pk:S sk:N");
});
afterEach(() => platform.close());

const key = (id: string) => ({ id: { S: id } });

test("gets items of several tables, leaving out those that do not exist", async () => {
  await dynamodb.PutItem({ TableName: "one", Item: { ...key("a"), x: { S: "1" }, y: { S: "2" } } });
  await dynamodb.PutItem({ TableName: "two", Item: { pk: { S: "p" }, sk: { N: "1" } } });
  const answer = await dynamodb.BatchGetItem({
    RequestItems: {
      one: { Keys: [key("a"), key("nope")], ProjectionExpression: "#x", ExpressionAttributeNames: { "#x": "x" } },
      two: { Keys: [{ pk: { S: "p" }, sk: { N: "1.0" } }], ConsistentRead: true },
    },
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(answer).toEqual({
    Responses: { one: [{ x: { S: "1" } }], two: [{ pk: { S: "p" }, sk: { N: "1" } }] },
    UnprocessedKeys: {},
    ConsumedCapacity: [
      { TableName: "one", CapacityUnits: 1 },
      { TableName: "two", CapacityUnits: 1 },
    ],
  });
});

test("what exceeds 16 MB is left over for another call", async () => {
  const ids = Array.from({ length: 50 }, (_, at) => String(at));
  for (const id of ids)
    await dynamodb.PutItem({ TableName: "one", Item: { ...key(id), big: { S: "x".repeat(400_000) } } });
  const first = await dynamodb.BatchGetItem({ RequestItems: { one: { Keys: ids.map(key) } } });
  expect(first.Responses!["one"]).toHaveLength(41);
  expect(first.UnprocessedKeys!["one"]!.Keys).toHaveLength(9);
  const second = await dynamodb.BatchGetItem({ RequestItems: first.UnprocessedKeys! });
  expect(second.Responses!["one"]).toHaveLength(9);
  expect(second.UnprocessedKeys).toEqual({});
});

test.each<[string, object, string]>([
  ["an item named twice", { one: { Keys: [key("a"), key("a")] } }, "Provided list of item keys contains duplicates"],
  [
    "more than 100 items",
    {
      one: { Keys: Array.from({ length: 60 }, (_, at) => key(String(at))) },
      two: { Keys: Array.from({ length: 41 }, (_, at) => ({ pk: { S: "p" }, sk: { N: String(at) } })) },
    },
    "Too many items requested for the BatchGetItem call",
  ],
  [
    "keys of another schema",
    { one: { Keys: [{ nope: { S: "a" } }] } },
    "The provided key element does not match the schema",
  ],
])("refuses %s", async (_what, RequestItems, message) => {
  await expect(dynamodb.BatchGetItem({ RequestItems } as never)).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});

test("refuses tables that do not exist", async () => {
  await expect(dynamodb.BatchGetItem({ RequestItems: { nope: { Keys: [key("a")] } } })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found",
  });
});

test("a table called __proto__ is a table like any other", async () => {
  await makeTable(platform, "__proto__", "id:S", { constructor: { keys: "kind:S" } });
  await dynamodb.PutItem({ TableName: "__proto__", Item: key("a") });
  const RequestItems = JSON.parse('{"__proto__":{"Keys":[{"id":{"S":"a"}}]}}');
  const { Responses } = await dynamodb.BatchGetItem({ RequestItems });
  expect(Object.entries(Responses!)).toEqual([["__proto__", [key("a")]]]);
  const { Table } = await dynamodb.DescribeTable({ TableName: "__proto__" });
  expect(Table).toMatchObject({ ItemCount: 1, GlobalSecondaryIndexes: [{ IndexName: "constructor", ItemCount: 0 }] });
});
