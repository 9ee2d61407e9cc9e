import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S", { byKind: { keys: "kind:S rank:N" } });
});
afterEach(() => platform.close());

const Key = { id: { S: "1" } };
const update = (input: object) => dynamodb.UpdateItem({ TableName: "tbl", Key, ...input });
const found = async () => (await dynamodb.GetItem({ TableName: "tbl", Key })).Item;

test("an update makes the item that was not there", async () => {
  await update({ UpdateExpression: "ADD hits :one", ExpressionAttributeValues: { ":one": { N: "1" } } });
  expect(await found()).toEqual({ id: { S: "1" }, hits: { N: "1" } });
});

test("an update without an expression makes an item of its key alone", async () => {
  await update({});
  expect(await found()).toEqual({ id: { S: "1" } });
});

test("counters lose no increment under concurrency", async () => {
  const increment = { UpdateExpression: "ADD hits :one", ExpressionAttributeValues: { ":one": { N: "1" } } };
  await Promise.all(Array.from({ length: 50 }, () => update(increment)));
  expect((await found())?.["hits"]).toEqual({ N: "50" });
});

test.each<[string, object | undefined]>([
  ["NONE", undefined],
  ["ALL_OLD", { id: { S: "1" }, a: { N: "1" }, doc: { M: { x: { N: "1" }, y: { N: "2" } } } }],
  ["ALL_NEW", { id: { S: "1" }, a: { N: "2" }, doc: { M: { x: { N: "9" }, y: { N: "2" } } }, b: { N: "2" } }],
  ["UPDATED_OLD", { a: { N: "1" }, doc: { M: { x: { N: "1" } } } }],
  ["UPDATED_NEW", { a: { N: "2" }, doc: { M: { x: { N: "9" } } }, b: { N: "2" } }],
])("ReturnValues %s", async (ReturnValues, attributes) => {
  await dynamodb.PutItem({
    TableName: "tbl",
    Item: { ...Key, a: { N: "1" }, doc: { M: { x: { N: "1" }, y: { N: "2" } } } },
  });
  const answer = await update({
    UpdateExpression: "SET a = :two, doc.x = :nine, b = :two",
    ExpressionAttributeValues: { ":two": { N: "2" }, ":nine": { N: "9" } },
    ReturnValues,
  });
  expect(answer.Attributes).toEqual(attributes);
});

test("UPDATED_OLD of a new item and UPDATED_NEW of removals give no Attributes", async () => {
  const fresh = await update({
    UpdateExpression: "SET a = :v",
    ExpressionAttributeValues: { ":v": { S: "x" } },
    ReturnValues: "UPDATED_OLD",
  });
  expect(fresh).toEqual({});
  expect(await update({ UpdateExpression: "REMOVE a", ReturnValues: "UPDATED_NEW" })).toEqual({});
});

test("a failed condition on a missing item gives no item", async () => {
  const failure = update({
    UpdateExpression: "SET a = :v",
    ConditionExpression: "attribute_exists(id)",
    ExpressionAttributeValues: { ":v": { S: "x" } },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  await expect(failure).rejects.toMatchObject({ name: "ConditionalCheckFailedException", fields: {} });
  expect(await found()).toBeUndefined();
});

test("index entries move with their item", async () => {
  const query = async (kind: string) =>
    (
      await dynamodb.Query({
        TableName: "tbl",
        IndexName: "byKind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: kind } },
      })
    ).Items;
  const set = (kind: string, rank: string) =>
    update({
      UpdateExpression: "SET kind = :k, #r = :r",
      ExpressionAttributeNames: { "#r": "rank" },
      ExpressionAttributeValues: { ":k": { S: kind }, ":r": { N: rank } },
    });
  await set("a", "1");
  expect(await query("a")).toHaveLength(1);
  await set("b", "2");
  expect(await query("a")).toEqual([]);
  expect(await query("b")).toEqual([{ ...Key, kind: { S: "b" }, rank: { N: "2" } }]);
  await update({ UpdateExpression: "REMOVE kind" });
  expect(await query("b")).toEqual([]);
});

test.each<[string, object, string]>([
  [
    "a change of the key",
    { UpdateExpression: "SET id = :v", ExpressionAttributeValues: { ":v": { S: "2" } } },
    "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
  ],
  [
    "the removal of the key",
    { UpdateExpression: "REMOVE id" },
    "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
  ],
  [
    "an index key of another type",
    { UpdateExpression: "SET kind = :v", ExpressionAttributeValues: { ":v": { N: "2" } } },
    "The update expression attempted to update the secondary index key to unsupported type",
  ],
  [
    "an empty index key",
    { UpdateExpression: "SET kind = :v", ExpressionAttributeValues: { ":v": { S: "" } } },
    "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byKind, IndexKey: kind",
  ],
  [
    "an item grown over 400 KB",
    { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { S: "x".repeat(409_600) } } },
    "Item size to update has exceeded the maximum allowed size",
  ],
  [
    "both ways to say it",
    {
      UpdateExpression: "SET a = :v",
      ExpressionAttributeValues: { ":v": { S: "x" } },
      AttributeUpdates: { a: { Action: "DELETE" } },
    },
    "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}",
  ],
])("refuses %s", async (_what, input, message) => {
  await expect(update(input)).rejects.toMatchObject({ name: "ValidationException", message });
  expect(await found()).toBeUndefined();
});

test("refuses documents that an update would nest too deep", async () => {
  const nest = (levels: number): object => (levels === 0 ? { S: "x" } : { M: { m: nest(levels - 1) } });
  await dynamodb.PutItem({ TableName: "tbl", Item: { ...Key, deep: nest(20) } });
  const set = update({
    UpdateExpression: `SET deep${".m".repeat(15)} = :v`,
    ExpressionAttributeValues: { ":v": nest(20) },
  });
  await expect(set).rejects.toMatchObject({ message: expect.stringContaining("Nesting Levels") });
});
