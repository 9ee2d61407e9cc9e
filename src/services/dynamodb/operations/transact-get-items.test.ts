import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi, TransactGetItem } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "one", "id:S");
  await dynamodb.PutItem({ TableName: "one", Item: { id: { S: "a" }, x: { N: "1" }, y: { N: "2" } } });
});
afterEach(() => platform.close());

const get = (id: string, more: object = {}): TransactGetItem => ({
  Get: { TableName: "one", Key: { id: { S: id } }, ...more },
});

test("items come in the order asked, missing ones as empty answers", async () => {
  const answer = await dynamodb.TransactGetItems({
    TransactItems: [get("nope"), get("a", { ProjectionExpression: "y" })],
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(answer).toEqual({
    Responses: [{}, { Item: { y: { N: "2" } } }],
    ConsumedCapacity: [{ TableName: "one", CapacityUnits: 4, ReadCapacityUnits: 4 }],
  });
});

test("a key that is none of the table cancels the transaction", async () => {
  const failure = dynamodb.TransactGetItems({ TransactItems: [get("a"), get("b", { Key: { nope: { S: "b" } } })] });
  await expect(failure).rejects.toMatchObject({
    name: "TransactionCanceledException",
    fields: {
      CancellationReasons: [
        { Code: "None" },
        { Code: "ValidationError", Message: "The provided key element does not match the schema" },
      ],
    },
  });
});

test("refuses one item twice and tables that do not exist", async () => {
  await expect(dynamodb.TransactGetItems({ TransactItems: [get("a"), get("a")] })).rejects.toMatchObject({
    message: "Transaction request cannot include multiple operations on one item",
  });
  await expect(dynamodb.TransactGetItems({ TransactItems: [get("a", { TableName: "nope" })] })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
