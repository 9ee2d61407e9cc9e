import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../../test/harness/platform.ts";
import type { DynamoDBApi, RestoreTableFromBackupInput } from "../../../../api/dynamodb/types.ts";
import { enableStream } from "../../test-streams.ts";
import { makeTable } from "../../test-tables.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup.Tutorial.html and the pages of the operations

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "pk:S sk:N", {
    gsi: { keys: "g:S", projects: "KEYS_ONLY" },
    lsi: { keys: "pk:S n:N", local: true },
  });
});
afterEach(() => platform.close());

const itemOf = (id: number) => ({
  pk: { S: `p${id % 7}` },
  sk: { N: String(id) },
  n: { N: String(-id) },
  ...(id % 2 === 0 && { g: { S: `g${id % 3}` } }),
  bytes: { B: Uint8Array.of(id % 256) },
});
async function fill(count: number): Promise<void> {
  for (let from = 0; from < count; from += 25) {
    const ids = Array.from({ length: Math.min(25, count - from) }, (_, at) => from + at);
    await dynamodb.BatchWriteItem({ RequestItems: { tbl: ids.map((id) => ({ PutRequest: { Item: itemOf(id) } })) } });
  }
}
async function backUp(BackupName = "backup"): Promise<string> {
  const { BackupDetails } = await dynamodb.CreateBackup({ TableName: "tbl", BackupName });
  await platform.idle();
  return BackupDetails!.BackupArn;
}
async function restore(BackupArn: string, more: Partial<RestoreTableFromBackupInput> = {}) {
  await dynamodb.RestoreTableFromBackup({ BackupArn, TargetTableName: "restored", ...more });
  await platform.idle();
  return (await dynamodb.DescribeTable({ TableName: "restored" })).Table!;
}
async function scan(TableName: string, IndexName?: string): Promise<string[]> {
  const { Items } = await dynamodb.Scan({ TableName, IndexName });
  return Items!.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();
}

test("CreateBackup and DescribeBackup tell the backup and the table it was made of", async () => {
  await fill(30);
  const { BackupDetails } = await dynamodb.CreateBackup({ TableName: "tbl", BackupName: "nightly" });
  const details = {
    BackupArn: expect.stringMatching(
      /^arn:aws:dynamodb:us-east-1:000000000000:table\/tbl\/backup\/01767225600000-[0-9a-f]{8}$/,
    ),
    BackupName: "nightly",
    BackupType: "USER",
    BackupCreationDateTime: new Date("2026-01-01T00:00:00Z"),
  };
  expect(BackupDetails).toEqual({ ...details, BackupStatus: "CREATING", BackupSizeBytes: 0 });
  await platform.idle();
  const { BackupDescription } = await dynamodb.DescribeBackup({ BackupArn: BackupDetails!.BackupArn });
  expect(BackupDescription).toMatchObject({
    BackupDetails: { ...details, BackupStatus: "AVAILABLE" },
    SourceTableDetails: {
      TableName: "tbl",
      TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/tbl",
      ItemCount: 30,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    },
    SourceTableFeatureDetails: {
      LocalSecondaryIndexes: [{ IndexName: "lsi", Projection: { ProjectionType: "ALL" } }],
      GlobalSecondaryIndexes: [{ IndexName: "gsi", Projection: { ProjectionType: "KEYS_ONLY" } }],
      TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" },
    },
  });
  const { Table } = await dynamodb.DescribeTable({ TableName: "tbl" });
  expect(BackupDescription!.BackupDetails!.BackupSizeBytes).toBe(Table!.TableSizeBytes);
});

test("a table is restored as it was, indexes included, whatever happened to it since", async () => {
  await fill(450);
  const before = { table: await scan("tbl"), gsi: await scan("tbl", "gsi"), lsi: await scan("tbl", "lsi") };
  await dynamodb.TagResource({
    ResourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/tbl",
    Tags: [{ Key: "team", Value: "a" }],
  });
  await enableStream(platform, "tbl");
  const BackupArn = await backUp();
  await dynamodb.DeleteTable({ TableName: "tbl" });
  await platform.idle();
  await platform.restart();
  ({ dynamodb } = platform.aws());
  const table = await restore(BackupArn);
  expect(table).toMatchObject({
    TableStatus: "ACTIVE",
    ItemCount: 450,
    RestoreSummary: {
      SourceBackupArn: BackupArn,
      SourceTableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/tbl",
      RestoreDateTime: new Date("2026-01-01T00:00:00Z"),
      RestoreInProgress: false,
    },
  });
  expect(table).not.toHaveProperty("LatestStreamArn");
  expect(await dynamodb.ListTagsOfResource({ ResourceArn: table.TableArn! })).toEqual({ Tags: [] });
  const after = {
    table: await scan("restored"),
    gsi: await scan("restored", "gsi"),
    lsi: await scan("restored", "lsi"),
  };
  expect(after).toEqual(before);
});

test("a backup that was begun when the platform stopped is made after all", async () => {
  await fill(250);
  const { BackupDetails } = await dynamodb.CreateBackup({ TableName: "tbl", BackupName: "backup" });
  await platform.restart();
  ({ dynamodb } = platform.aws());
  await platform.idle();
  const { BackupDescription } = await dynamodb.DescribeBackup({ BackupArn: BackupDetails!.BackupArn });
  expect(BackupDescription).toMatchObject({
    BackupDetails: { BackupStatus: "AVAILABLE" },
    SourceTableDetails: { ItemCount: 250 },
  });
  expect((await restore(BackupDetails!.BackupArn)).ItemCount).toBe(250);
});

test("a table stays while it is backed up, and a backup while a table is restored from it", async () => {
  await fill(1000);
  const { BackupDetails } = await dynamodb.CreateBackup({ TableName: "tbl", BackupName: "backup" });
  const { BackupArn } = BackupDetails!;
  await expect(dynamodb.DeleteTable({ TableName: "tbl" })).rejects.toMatchObject({ name: "ResourceInUseException" });
  await expect(dynamodb.DeleteBackup({ BackupArn })).rejects.toMatchObject({ name: "BackupInUseException" });
  await platform.idle();
  await dynamodb.RestoreTableFromBackup({ BackupArn, TargetTableName: "restored" });
  await expect(dynamodb.DeleteBackup({ BackupArn })).rejects.toMatchObject({ name: "BackupInUseException" });
  await platform.idle();
  await dynamodb.DeleteBackup({ BackupArn });
  await dynamodb.DeleteTable({ TableName: "tbl" });
  await platform.idle();
  expect((await dynamodb.ListTables({})).TableNames).toEqual(["restored"]);
});

test("items that an index leaves out for their types are restored, and left out again", async () => {
  await dynamodb.PutItem({ TableName: "tbl", Item: { ...itemOf(1), odd: { L: [] } } });
  await dynamodb.PutItem({ TableName: "tbl", Item: { ...itemOf(2), odd: { S: "x" } } });
  await dynamodb.UpdateTable({
    TableName: "tbl",
    AttributeDefinitions: [{ AttributeName: "odd", AttributeType: "S" }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: "byOdd",
          KeySchema: [{ AttributeName: "odd", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      },
    ],
  });
  await platform.idle();
  await restore(await backUp());
  expect(await scan("restored")).toHaveLength(2);
  expect(await scan("restored", "byOdd")).toHaveLength(1);
  for (const id of [1, 2]) {
    const { pk, sk } = itemOf(id);
    await dynamodb.DeleteItem({ TableName: "restored", Key: { pk, sk } });
  }
  expect(await scan("restored", "byOdd")).toEqual([]);
});

test("writes after a backup are not in it", async () => {
  await fill(3);
  const BackupArn = await backUp();
  await fill(10);
  await dynamodb.DeleteItem({ TableName: "tbl", Key: { pk: { S: "p0" }, sk: { N: "0" } } });
  await restore(BackupArn);
  expect(await scan("restored")).toHaveLength(3);
});

describe("RestoreTableFromBackup", () => {
  const all = { ProjectionType: "ALL" as const };
  const gsi = {
    IndexName: "gsi",
    KeySchema: [{ AttributeName: "g", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "KEYS_ONLY" as const },
  };
  const throughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 4 };

  test("leaves out indexes, and the definitions that only they need", async () => {
    await fill(4);
    const table = await restore(await backUp(), {
      LocalSecondaryIndexOverride: [],
      GlobalSecondaryIndexOverride: [gsi],
    });
    expect(table).not.toHaveProperty("LocalSecondaryIndexes");
    expect(table.GlobalSecondaryIndexes).toMatchObject([{ IndexName: "gsi", ItemCount: 2 }]);
    expect(table.AttributeDefinitions!.map((each) => each.AttributeName).toSorted()).toEqual(["g", "pk", "sk"]);
  });

  test("takes another billing mode, with the throughput that belongs to it", async () => {
    const table = await restore(await backUp(), {
      BillingModeOverride: "PROVISIONED",
      ProvisionedThroughputOverride: throughput,
      GlobalSecondaryIndexOverride: [{ ...gsi, ProvisionedThroughput: throughput }],
    });
    expect(table).toMatchObject({
      ProvisionedThroughput: throughput,
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: throughput }],
    });
  });

  test.each<[string, Partial<RestoreTableFromBackupInput>, object]>([
    ["a name that is taken", { TargetTableName: "tbl" }, { name: "TableAlreadyExistsException" }],
    ["a billing mode without throughput", { BillingModeOverride: "PROVISIONED" }, { name: "ValidationException" }],
    [
      "indexes without throughput",
      { BillingModeOverride: "PROVISIONED", ProvisionedThroughputOverride: throughput },
      { message: "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: gsi" },
    ],
    [
      "an index that is another than the backup's",
      { GlobalSecondaryIndexOverride: [{ ...gsi, Projection: all }] },
      { name: "ValidationException", message: expect.stringContaining("index: gsi") },
    ],
  ])("refuses %s", async (_, input, error) => {
    const BackupArn = await backUp();
    await expect(
      dynamodb.RestoreTableFromBackup({ BackupArn, TargetTableName: "restored", ...input }),
    ).rejects.toMatchObject(error);
  });
});

test("ListBackups gives those of a table and a time, page by page", async () => {
  await makeTable(platform, "aaa", "id:S");
  const other = (await dynamodb.CreateBackup({ TableName: "aaa", BackupName: "other" })).BackupDetails!.BackupArn;
  const first = await backUp("first");
  await platform.clock.advance(60_000);
  const second = await backUp("second");
  const listed = async (input: Parameters<DynamoDBApi["ListBackups"]>[0]) =>
    (await dynamodb.ListBackups(input)).BackupSummaries!.map((backup) => backup.BackupArn);
  expect(await listed({})).toEqual([other, first, second]);
  expect(await listed({ TableName: "tbl" })).toEqual([first, second]);
  const from = new Date(platform.clock.now());
  expect(await listed({ TimeRangeLowerBound: from })).toEqual([second]);
  expect(await listed({ TimeRangeUpperBound: from })).toEqual([other, first]);
  expect(await listed({ BackupType: "SYSTEM" })).toEqual([]);
  const page = await dynamodb.ListBackups({ Limit: 2 });
  expect(page.LastEvaluatedBackupArn).toBe(first);
  expect(await listed({ ExclusiveStartBackupArn: first })).toEqual([second]);
  expect(page.BackupSummaries![1]).toMatchObject({ TableName: "tbl", BackupName: "first", BackupStatus: "AVAILABLE" });
});

test("DeleteBackup takes a backup away, and leaves the others", async () => {
  await fill(600);
  const first = await backUp("first");
  const second = await backUp("second");
  const { BackupDescription } = await dynamodb.DeleteBackup({ BackupArn: first });
  expect(BackupDescription!.BackupDetails).toMatchObject({ BackupName: "first", BackupStatus: "DELETED" });
  await platform.idle();
  const gone = { name: "BackupNotFoundException", message: `Backup not found: ${first}` };
  await expect(dynamodb.DescribeBackup({ BackupArn: first })).rejects.toMatchObject(gone);
  await expect(dynamodb.DeleteBackup({ BackupArn: first })).rejects.toMatchObject(gone);
  await expect(
    dynamodb.RestoreTableFromBackup({ BackupArn: first, TargetTableName: "restored" }),
  ).rejects.toMatchObject(gone);
  expect((await restore(second)).ItemCount).toBe(600);
});

test("refuses backups of what is not there, and ARNs of what is no backup", async () => {
  await expect(dynamodb.CreateBackup({ TableName: "none", BackupName: "backup" })).rejects.toMatchObject({
    name: "TableNotFoundException",
    message: "Table not found: none",
  });
  const BackupArn = "arn:aws:dynamodb:us-east-1:000000000000:table/tbl";
  await expect(dynamodb.DescribeBackup({ BackupArn })).rejects.toMatchObject({ name: "ValidationException" });
});
