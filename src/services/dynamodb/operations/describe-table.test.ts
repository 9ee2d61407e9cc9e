import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:N", {
    gsi: { keys: "kind:S" },
    other: { keys: "kind:S", projects: "KEYS_ONLY" },
  });
});
afterEach(() => platform.close());

const putMany = async (from: number, to: number) => {
  for (let at = from; at < to; at += 25) {
    const RequestItems = {
      tbl: Array.from({ length: Math.min(25, to - at) }, (_, i) => ({
        PutRequest: { Item: { id: { N: String(at + i) }, kind: { S: "k" } } },
      })),
    };
    await dynamodb.BatchWriteItem({ RequestItems });
  }
};

test("a small table is counted whenever it is described", async () => {
  await putMany(0, 3);
  const { Table } = await dynamodb.DescribeTable({ TableName: "tbl" });
  // id (2) + a number (1 for 0, 2 for others) + kind (4) + k (1)
  expect(Table).toMatchObject({
    ItemCount: 3,
    TableSizeBytes: 26,
    GlobalSecondaryIndexes: [{ ItemCount: 3, IndexSizeBytes: 26 }, { ItemCount: 3 }],
  });
});

test("a large table is counted in the background, at most every six hours", async () => {
  await putMany(0, 1001);
  const describe = async () => (await dynamodb.DescribeTable({ TableName: "tbl" })).Table!.ItemCount;
  expect(await describe()).toBe(0);
  await platform.idle();
  expect(await describe()).toBe(1001);
  await putMany(1001, 1010);
  await platform.idle();
  expect(await describe()).toBe(1001);
  await platform.clock.advance(6 * 3600_000);
  await describe();
  await platform.idle();
  expect(await describe()).toBe(1010);
});

test("refuses a table that does not exist, in the words of the control plane", async () => {
  await expect(dynamodb.DescribeTable({ TableName: "nope" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: nope not found",
  });
});
