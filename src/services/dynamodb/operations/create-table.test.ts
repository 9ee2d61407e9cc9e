import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { CreateTableInput, DynamoDBApi } from "../../../api/dynamodb/types.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
});
afterEach(() => platform.close());

const attribute = (AttributeName: string, AttributeType: "S" | "N" | "B" = "S") => ({ AttributeName, AttributeType });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" as const });
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" as const });
const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
const all = { ProjectionType: "ALL" as const };
const base: CreateTableInput = {
  TableName: "music",
  AttributeDefinitions: [attribute("pk")],
  KeySchema: [hash("pk")],
  BillingMode: "PAY_PER_REQUEST",
};

test("a provisioned table with indexes is described as AWS describes it", async () => {
  const { TableDescription: made } = await dynamodb.CreateTable({
    TableName: "music",
    AttributeDefinitions: [attribute("pk"), attribute("sk", "N"), attribute("at", "B")],
    KeySchema: [hash("pk"), range("sk")],
    ProvisionedThroughput: throughput,
    LocalSecondaryIndexes: [
      {
        IndexName: "local",
        KeySchema: [hash("pk"), range("at")],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x"] },
      },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: "global", KeySchema: [hash("at")], Projection: all, ProvisionedThroughput: throughput },
    ],
    TableClass: "STANDARD_INFREQUENT_ACCESS",
    DeletionProtectionEnabled: true,
    SSESpecification: { Enabled: true },
    StreamSpecification: { StreamEnabled: false },
    Tags: [{ Key: "team", Value: "a" }],
  });
  const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/music";
  const capacity = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
  const warm = { ReadUnitsPerSecond: 5, WriteUnitsPerSecond: 6, Status: "ACTIVE" };
  expect(made).toEqual({
    AttributeDefinitions: [attribute("pk"), attribute("sk", "N"), attribute("at", "B")],
    TableName: "music",
    KeySchema: [hash("pk"), range("sk")],
    TableStatus: "CREATING",
    CreationDateTime: new Date(platform.clock.now()),
    ProvisionedThroughput: capacity,
    TableSizeBytes: 0,
    ItemCount: 0,
    TableArn: arn,
    TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    LocalSecondaryIndexes: [
      {
        IndexName: "local",
        KeySchema: [hash("pk"), range("at")],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x"] },
        IndexSizeBytes: 0,
        ItemCount: 0,
        IndexArn: `${arn}/index/local`,
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "global",
        KeySchema: [hash("at")],
        Projection: all,
        IndexStatus: "CREATING",
        ProvisionedThroughput: capacity,
        IndexSizeBytes: 0,
        ItemCount: 0,
        IndexArn: `${arn}/index/global`,
        WarmThroughput: warm,
      },
    ],
    SSEDescription: { Status: "ENABLED", SSEType: "KMS" },
    TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
    DeletionProtectionEnabled: true,
    WarmThroughput: warm,
  });
  await platform.idle();
  const { Table } = await dynamodb.DescribeTable({ TableName: "music" });
  expect(Table).toMatchObject({ TableStatus: "ACTIVE", GlobalSecondaryIndexes: [{ IndexStatus: "ACTIVE" }] });
  expect(await dynamodb.ListTagsOfResource({ ResourceArn: arn })).toEqual({ Tags: [{ Key: "team", Value: "a" }] });
});

test("a table becomes active after a restart in between, and takes items only then", async () => {
  await dynamodb.CreateTable(base);
  await expect(dynamodb.GetItem({ TableName: "music", Key: { pk: { S: "a" } } })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found",
  });
  await platform.restart();
  await platform.idle();
  const after = platform.aws().dynamodb;
  expect((await after.DescribeTable({ TableName: "music" })).Table).toMatchObject({ TableStatus: "ACTIVE" });
  expect(await after.GetItem({ TableName: "music", Key: { pk: { S: "a" } } })).toEqual({});
});

test("a name can be taken once", async () => {
  await dynamodb.CreateTable(base);
  await expect(dynamodb.CreateTable(base)).rejects.toMatchObject({
    name: "ResourceInUseException",
    message: "Table already exists: music",
  });
});

describe("refuses", () => {
  const lsi = (KeySchema: object[], more: object = {}) => ({
    AttributeDefinitions: [attribute("pk"), attribute("sk"), attribute("at")],
    KeySchema: [hash("pk"), range("sk")],
    LocalSecondaryIndexes: [{ IndexName: "idx", KeySchema, Projection: all, ...more }],
  });
  const gsi = (more: object = {}) => ({
    AttributeDefinitions: [attribute("pk"), attribute("at")],
    GlobalSecondaryIndexes: [{ IndexName: "idx", KeySchema: [hash("at")], Projection: all, ...more }],
  });
  const invalid = "One or more parameter values were invalid: ";
  test.each<[string, object, string]>([
    [
      "a provisioned table without throughput",
      { BillingMode: undefined },
      `${invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      "an on-demand table with throughput",
      { ProvisionedThroughput: throughput },
      `${invalid}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      "too many keys for the definitions",
      { KeySchema: [hash("pk"), range("pk")] },
      "Invalid KeySchema: Some index key attribute have no definition",
    ],
    [
      "one attribute as both keys",
      { KeySchema: [hash("pk"), range("pk")], AttributeDefinitions: [attribute("pk"), attribute("x")] },
      "Both the Hash Key and the Range Key element in the KeySchema have the same name",
    ],
    [
      "keys without definition",
      { KeySchema: [hash("nope")] },
      `${invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [nope], AttributeDefinitions: [pk]`,
    ],
    [
      "a sort key first",
      { KeySchema: [range("pk")] },
      "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
    ],
    [
      "two partition keys",
      { KeySchema: [hash("pk"), hash("sk")], AttributeDefinitions: [attribute("pk"), attribute("sk")] },
      "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
    ],
    [
      "definitions that no key uses",
      { AttributeDefinitions: [attribute("pk"), attribute("x")] },
      `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [
      "definitions that no key uses, with indexes",
      { ...gsi(), AttributeDefinitions: [attribute("pk"), attribute("at"), attribute("x")] },
      `${invalid}Some AttributeDefinitions are not used. AttributeDefinitions: [pk, at, x], keys used: [pk, at]`,
    ],
    [
      "a local index without a sort key in the table",
      { ...lsi([hash("pk"), range("at")]), KeySchema: [hash("pk")] },
      `${invalid}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      "a local index without a sort key",
      lsi([hash("pk")]),
      `${invalid}Index KeySchema does not have a range key for index: idx`,
    ],
    [
      "a local index of another partition key",
      lsi([hash("at"), range("sk")]),
      `${invalid}Index KeySchema does not have the same leading hash key as table KeySchema for index: idx. index hash key: at, table hash key: pk`,
    ],
    [
      "an empty list of local indexes",
      { LocalSecondaryIndexes: [] },
      `${invalid}List of LocalSecondaryIndexes is empty`,
    ],
    [
      "an empty list of global indexes",
      { GlobalSecondaryIndexes: [] },
      `${invalid}List of GlobalSecondaryIndexes is empty`,
    ],
    ["an index without projection type", gsi({ Projection: {} }), `${invalid}Unknown ProjectionType: null`],
    [
      "attributes with KEYS_ONLY",
      gsi({ Projection: { ProjectionType: "KEYS_ONLY", NonKeyAttributes: ["x"] } }),
      `${invalid}ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified`,
    ],
    [
      "INCLUDE without attributes",
      gsi({ Projection: { ProjectionType: "INCLUDE" } }),
      `${invalid}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
    ],
    [
      "throughput of an index in on-demand mode",
      gsi({ ProvisionedThroughput: throughput }),
      `${invalid}ProvisionedThroughput should not be specified for index: idx when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      "two indexes of one name",
      {
        AttributeDefinitions: [attribute("pk"), attribute("at")],
        GlobalSecondaryIndexes: [...gsi().GlobalSecondaryIndexes, ...gsi().GlobalSecondaryIndexes],
      },
      `${invalid}Duplicate index name: idx`,
    ],
    [
      "21 global indexes",
      {
        AttributeDefinitions: [attribute("pk"), attribute("at")],
        GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, at) => ({
          ...gsi().GlobalSecondaryIndexes[0],
          IndexName: `idx${at}`,
        })),
      },
      `${invalid}GlobalSecondaryIndex count exceeds the per-table limit of 20`,
    ],
    [
      "a key schema of three",
      {
        AttributeDefinitions: [attribute("pk"), attribute("sk"), attribute("extra")],
        KeySchema: [hash("pk"), range("sk"), range("extra")],
      },
      "1 validation error detected: Value '[KeySchemaElement(attributeName=pk, keyType=HASH), KeySchemaElement(attributeName=sk, keyType=RANGE), KeySchemaElement(attributeName=extra, keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
    ],
  ])("%s", async (_what, input, message) => {
    await expect(dynamodb.CreateTable({ ...base, ...input })).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
    expect(await dynamodb.ListTables({})).toEqual({ TableNames: [] });
  });

  test.each<[string, object]>([
    ["KMSMasterKeyId", { SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: "alias/mine" } }],
    ["ResourcePolicy", { ResourcePolicy: "{}" }],
    [
      "several attributes",
      {
        AttributeDefinitions: [attribute("pk"), attribute("a"), attribute("b"), attribute("c")],
        GlobalSecondaryIndexes: [{ IndexName: "idx", KeySchema: [hash("a"), hash("b"), range("c")], Projection: all }],
      },
    ],
  ])("what is not built yet, naming it: %s", async (what, input) => {
    await expect(dynamodb.CreateTable({ ...base, ...input })).rejects.toMatchObject({
      status: 501,
      message: expect.stringContaining(what),
    });
  });
});
