import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
});
afterEach(() => platform.close());

const fill = async (count: number) => {
  for (let at = 0; at < count; at += 25) {
    const RequestItems = {
      tbl: Array.from({ length: 25 }, (_, i) => ({
        PutRequest: { Item: { id: { N: String(at + i) }, kind: { S: "k" } } },
      })),
    };
    await dynamodb.BatchWriteItem({ RequestItems });
  }
};

test("a table is deleting, takes no more items, and is then gone with all it held", async () => {
  await makeTable(platform, "tbl", "id:N", { gsi: { keys: "kind:S" } });
  await fill(1100);
  const { TableDescription } = await dynamodb.DeleteTable({ TableName: "tbl" });
  expect(TableDescription).toMatchObject({ TableName: "tbl", TableStatus: "DELETING" });
  await expect(dynamodb.PutItem({ TableName: "tbl", Item: { id: { N: "1" } } })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await platform.restart();
  await platform.idle();
  ({ dynamodb } = platform.aws());
  await expect(dynamodb.DescribeTable({ TableName: "tbl" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a table made again under its name begins empty", async () => {
  await makeTable(platform, "tbl", "id:N", { gsi: { keys: "kind:S" } });
  await fill(25);
  await dynamodb.DeleteTable({ TableName: "tbl" });
  await platform.idle();
  await makeTable(platform, "tbl", "id:N", { gsi: { keys: "kind:S" } });
  expect((await dynamodb.Scan({ TableName: "tbl" })).Count).toBe(0);
  expect((await dynamodb.Scan({ TableName: "tbl", IndexName: "gsi" })).Count).toBe(0);
});

test("refuses a table that is protected, being made, being deleted or none", async () => {
  await expect(dynamodb.DeleteTable({ TableName: "tbl" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: tbl not found",
  });
  await dynamodb.CreateTable({
    TableName: "tbl",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    DeletionProtectionEnabled: true,
  });
  await expect(dynamodb.DeleteTable({ TableName: "tbl" })).rejects.toMatchObject({
    name: "ResourceInUseException",
    message: "Attempt to change a resource which is still in use: Table is being created: tbl",
  });
  await platform.idle();
  await expect(dynamodb.DeleteTable({ TableName: "tbl" })).rejects.toMatchObject({
    name: "ValidationException",
    message:
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  });
  await dynamodb.UpdateTable({ TableName: "tbl", DeletionProtectionEnabled: false });
  await platform.idle();
  await dynamodb.DeleteTable({ TableName: "tbl" });
  await expect(dynamodb.DeleteTable({ TableName: "tbl" })).rejects.toMatchObject({
    message: "Attempt to change a resource which is still in use: Table is being deleted: tbl",
  });
});
