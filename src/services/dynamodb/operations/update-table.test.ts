import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S", { gsi: { keys: "kind:S" } });
});
afterEach(() => platform.close());

const describeTable = async () => (await dynamodb.DescribeTable({ TableName: "tbl" })).Table!;
const change = async (input: object) => {
  const { TableDescription } = await dynamodb.UpdateTable({ TableName: "tbl", ...input });
  expect(TableDescription!.TableStatus).toBe("UPDATING");
  await platform.idle();
  return describeTable();
};
const throughput = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  ReadCapacityUnits,
  WriteCapacityUnits,
});
const both = (read: number, write: number) => ({
  ProvisionedThroughput: throughput(read, write),
  GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "gsi", ProvisionedThroughput: throughput(read, write) } }],
});

test("an update is under way, keeps the table usable, and is then done", async () => {
  await dynamodb.UpdateTable({ TableName: "tbl", DeletionProtectionEnabled: true });
  await dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: "a" } } });
  await expect(dynamodb.UpdateTable({ TableName: "tbl", DeletionProtectionEnabled: false })).rejects.toMatchObject({
    name: "ResourceInUseException",
    message: "Attempt to change a resource which is still in use: Table is being updated: tbl",
  });
  await platform.idle();
  expect(await describeTable()).toMatchObject({ TableStatus: "ACTIVE", DeletionProtectionEnabled: true });
});

test("the billing mode goes both ways, indexes included", async () => {
  const provisioned = await change({ BillingMode: "PROVISIONED", ...both(3, 4) });
  expect(provisioned).toMatchObject({
    BillingModeSummary: { BillingMode: "PROVISIONED" },
    ProvisionedThroughput: throughput(3, 4),
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: throughput(3, 4) }],
  });
  await platform.clock.advance(1000);
  const onDemand = await change({ BillingMode: "PAY_PER_REQUEST" });
  expect(onDemand).toMatchObject({
    BillingModeSummary: {
      BillingMode: "PAY_PER_REQUEST",
      LastUpdateToPayPerRequestDateTime: new Date(platform.clock.now()),
    },
    ProvisionedThroughput: throughput(0, 0),
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: throughput(0, 0) }],
  });
});

test("increases and decreases of throughput are dated, decreases counted by day", async () => {
  await change({ BillingMode: "PROVISIONED", ...both(3, 4) });
  const first = new Date(platform.clock.now());
  await change({ ProvisionedThroughput: throughput(2, 4) });
  const twice = await change({ ProvisionedThroughput: throughput(1, 5) });
  expect(twice.ProvisionedThroughput).toMatchObject({
    LastIncreaseDateTime: first,
    LastDecreaseDateTime: first,
    NumberOfDecreasesToday: 2,
  });
  await platform.clock.advance(24 * 3600_000);
  const next = await change({ ProvisionedThroughput: throughput(1, 4) });
  expect(next.ProvisionedThroughput).toMatchObject({ NumberOfDecreasesToday: 1 });
});

test("table class, on-demand maximum and encryption are kept and described", async () => {
  const table = await change({
    TableClass: "STANDARD_INFREQUENT_ACCESS",
    OnDemandThroughput: { MaxReadRequestUnits: 100 },
    SSESpecification: { Enabled: true },
  });
  expect(table).toMatchObject({
    TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS", LastUpdateDateTime: new Date(platform.clock.now()) },
    OnDemandThroughput: { MaxReadRequestUnits: 100, MaxWriteRequestUnits: -1 },
    SSEDescription: { Status: "ENABLED" },
  });
});

test("refuses an update that says nothing", async () => {
  await expect(dynamodb.UpdateTable({ TableName: "tbl" })).rejects.toMatchObject({
    message: expect.stringMatching(/^At least one of ProvisionedThroughput, BillingMode/),
  });
});

test("refuses throughput that is what it was", async () => {
  await change({ BillingMode: "PROVISIONED", ...both(3, 4) });
  await expect(
    dynamodb.UpdateTable({ TableName: "tbl", ProvisionedThroughput: throughput(3, 4) }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(
      /^The provisioned throughput for the table will not change\. The requested value equals the current value\./,
    ),
  });
});

test("refuses to go provisioned without saying how much", async () => {
  await expect(dynamodb.UpdateTable({ TableName: "tbl", BillingMode: "PROVISIONED" })).rejects.toMatchObject({
    message:
      "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
  });
});

test.each<[string, object]>([["ReplicaUpdates", { ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] }]])(
  "refuses what is not built yet, naming it: %s",
  async (what, input) => {
    await expect(dynamodb.UpdateTable({ TableName: "tbl", ...input })).rejects.toMatchObject({
      status: 501,
      message: expect.stringContaining(what),
    });
  },
);

describe("global secondary indexes", () => {
  const create = (AttributeType: "S" | "N" = "N") => ({
    AttributeDefinitions: [{ AttributeName: "rank", AttributeType }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: "byRank",
          KeySchema: [{ AttributeName: "rank", KeyType: "HASH" as const }],
          Projection: { ProjectionType: "KEYS_ONLY" as const },
        },
      },
    ],
  });
  const put = (id: number, rank: object) =>
    dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: String(id) }, rank: rank as never } });
  const ids = async (rank: string) => {
    const answer = await dynamodb.Query({
      TableName: "tbl",
      IndexName: "byRank",
      KeyConditionExpression: "#r = :r",
      ExpressionAttributeNames: { "#r": "rank" },
      ExpressionAttributeValues: { ":r": { N: rank } },
    });
    return answer.Items!.map((item) => Number(item["id"]!.S)).toSorted((a, b) => a - b);
  };

  test("one that is added is filled with what the table holds, and kept up meanwhile", async () => {
    for (let id = 0; id < 450; id++) await put(id, { N: String(id % 3) });
    await put(1000, { S: "not a number" });
    const { TableDescription } = await dynamodb.UpdateTable({ TableName: "tbl", ...create() });
    expect(TableDescription!.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: "gsi", IndexStatus: "ACTIVE" },
      { IndexName: "byRank", IndexStatus: "CREATING", Backfilling: true },
    ]);
    await expect(ids("1")).rejects.toMatchObject({
      message: "Cannot read from backfilling global secondary index: byRank",
    });
    await put(1, { N: "7" });
    await put(2000, { N: "7" });
    await platform.restart();
    ({ dynamodb } = platform.aws());
    await platform.idle();
    expect(await describeTable()).toMatchObject({
      TableStatus: "ACTIVE",
      GlobalSecondaryIndexes: [{}, { IndexName: "byRank", IndexStatus: "ACTIVE", ItemCount: 451 }],
    });
    expect(await ids("7")).toEqual([1, 2000]);
    expect(await ids("1")).toHaveLength(149);
  });

  test("one that is taken away is gone with its entries, and can be added again", async () => {
    await change(create());
    for (let id = 0; id < 450; id++) await put(id, { N: "1" });
    const table = await change({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byRank" } }] });
    expect(table.GlobalSecondaryIndexes!.map((index) => index.IndexName)).toEqual(["gsi"]);
    expect(table.AttributeDefinitions!.map((definition) => definition.AttributeName)).toEqual(["id", "kind"]);
    await expect(ids("1")).rejects.toMatchObject({ message: "The table does not have the specified index: byRank" });
    for (let id = 0; id < 10; id++) await put(id, { N: "2" });
    await change(create());
    expect(await ids("1")).toHaveLength(440);
    expect(await ids("2")).toHaveLength(10);
  });

  test("refuses two changes at once, one that exists, and one that does not", async () => {
    const twice = [{ Delete: { IndexName: "gsi" } }, ...create().GlobalSecondaryIndexUpdates];
    const update = (input: object) => dynamodb.UpdateTable({ TableName: "tbl", ...input });
    await expect(update({ ...create(), GlobalSecondaryIndexUpdates: twice })).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    });
    await expect(update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "nope" } }] })).rejects.toMatchObject({
      message: "The table does not have the specified index: nope",
    });
    await change(create());
    await expect(update(create())).rejects.toMatchObject({
      message: "Attempting to create an index which already exists: byRank",
    });
  });
});
