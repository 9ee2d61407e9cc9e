import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "pk:S sk:N");
  await dynamodb.PutItem({
    TableName: "tbl",
    Item: {
      pk: { S: "a" },
      sk: { N: "1" },
      doc: { M: { x: { N: "1" }, y: { L: [{ S: "p" }, { S: "q" }] } } },
      z: { S: "z" },
    },
  });
});
afterEach(() => platform.close());

const Key = { pk: { S: "a" }, sk: { N: "1" } };

test("an item that does not exist is no error and no Item", async () => {
  expect(await dynamodb.GetItem({ TableName: "tbl", Key: { pk: { S: "a" }, sk: { N: "2" } } })).toEqual({});
});

test("a projection gives parts of documents", async () => {
  const get = async (ProjectionExpression: string) =>
    (await dynamodb.GetItem({ TableName: "tbl", Key, ProjectionExpression })).Item;
  expect(await get("z")).toEqual({ z: { S: "z" } });
  expect(await get("doc.x, doc.y[1]")).toEqual({ doc: { M: { x: { N: "1" }, y: { L: [{ S: "q" }] } } } });
  expect(await get("doc.y[1], doc.y[0]")).toEqual({ doc: { M: { y: { L: [{ S: "p" }, { S: "q" }] } } } });
  expect(await get("nope, doc.nope, z.x")).toEqual({});
});

test("AttributesToGet names whole attributes", async () => {
  const { Item } = await dynamodb.GetItem({ TableName: "tbl", Key, AttributesToGet: ["z", "doc.x"] });
  expect(Item).toEqual({ z: { S: "z" } });
});

test("consumed capacity is half a unit for each started 4 KB, a whole one when consistent", async () => {
  const get = async (more: object) =>
    (await dynamodb.GetItem({ TableName: "tbl", Key, ReturnConsumedCapacity: "TOTAL", ...more })).ConsumedCapacity;
  expect(await get({})).toEqual({ TableName: "tbl", CapacityUnits: 0.5 });
  expect(await get({ ConsistentRead: true })).toEqual({ TableName: "tbl", CapacityUnits: 1 });
  await dynamodb.PutItem({ TableName: "tbl", Item: { ...Key, big: { S: "x".repeat(9000) } } });
  expect(await get({ ConsistentRead: true, ReturnConsumedCapacity: "INDEXES" })).toEqual({
    TableName: "tbl",
    CapacityUnits: 3,
    Table: { CapacityUnits: 3 },
  });
});

const schema = "The provided key element does not match the schema";
test.each<[string, object, string]>([
  ["a key without the sort key", { Key: { pk: { S: "a" } } }, schema],
  ["a key with more attributes", { Key: { ...Key, z: { S: "z" } } }, schema],
  ["a key of another type", { Key: { pk: { N: "1" }, sk: { N: "1" } } }, schema],
  [
    "an empty key value",
    { Key: { pk: { S: "" }, sk: { N: "1" } } },
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
  ],
  [
    "a partition key over 2048 bytes",
    { Key: { pk: { S: "x".repeat(2049) }, sk: { N: "1" } } },
    "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
  ],
  [
    "overlapping paths",
    { Key, ProjectionExpression: "doc, doc.x" },
    "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, x]",
  ],
  [
    "unused names",
    { Key, ProjectionExpression: "z", ExpressionAttributeNames: { "#a": "b" } },
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
  ],
  [
    "old and new projections together",
    { Key, ProjectionExpression: "z", AttributesToGet: ["z"] },
    "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
  ],
  [
    "a table name that can be none",
    { TableName: "bad table!", Key },
    "1 validation error detected: Value 'bad table!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  ],
])("refuses %s", async (_what, input, message) => {
  await expect(dynamodb.GetItem({ TableName: "tbl", ...input } as never)).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});

test("a sort key of 1024 bytes and a partition key of 2048 are stored and found, zero bytes and all", async () => {
  await makeTable(platform, "long", "pk:B sk:B");
  const LongKey = { pk: { B: new Uint8Array(2048) }, sk: { B: new Uint8Array(1024) } };
  await dynamodb.PutItem({ TableName: "long", Item: LongKey });
  expect((await dynamodb.GetItem({ TableName: "long", Key: LongKey })).Item).toBeDefined();
});
