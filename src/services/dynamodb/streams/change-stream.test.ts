import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi, StreamSpecification } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";
import { disableStream, enableStream, readStream } from "../test-streams.ts";

// Texts and behaviour as observed on AWS:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Enabling

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S");
});
afterEach(() => platform.close());

const describeTable = async (TableName = "tbl") => (await dynamodb.DescribeTable({ TableName })).Table!;
const update = (StreamSpecification: StreamSpecification) =>
  dynamodb.UpdateTable({ TableName: "tbl", StreamSpecification });
const streamArn = (label: string, table = "tbl") =>
  `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/${label}`;

test("CreateTable enables a stream, whose label is the time", async () => {
  const { TableDescription: made } = await dynamodb.CreateTable({
    TableName: "streamed",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
  });
  const expected = {
    StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    LatestStreamLabel: "2026-01-01T00:00:00.000",
    LatestStreamArn: streamArn("2026-01-01T00:00:00.000", "streamed"),
  };
  expect(made).toMatchObject(expected);
  await platform.idle();
  expect(await describeTable("streamed")).toMatchObject(expected);
});

test("a stream that is disabled stays the latest, and enabling makes a new one", async () => {
  const first = await enableStream(platform, "tbl", "NEW_IMAGE");
  await dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: "a" } } });
  await disableStream(platform, "tbl");
  await dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: "b" } } });
  const disabled = await describeTable();
  expect(disabled.LatestStreamArn).toBe(first);
  expect(disabled).not.toHaveProperty("StreamSpecification");

  const second = await enableStream(platform, "tbl", "KEYS_ONLY");
  await dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: "c" } } });
  expect(second).not.toBe(first);
  expect(await describeTable()).toMatchObject({
    StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    LatestStreamArn: second,
  });
  const keys = async (arn: string) =>
    (await readStream(platform, arn)).map((record) => record.dynamodb!.Keys!["id"]!.S);
  expect(await keys(first)).toEqual(["a"]);
  expect(await keys(second)).toEqual(["c"]);
});

test.each<[string, StreamSpecification, string]>([
  [
    "enabling without a view",
    { StreamEnabled: true },
    "One or more parameter values were invalid: If stream is being enabled then UpdateViewType is required",
  ],
  [
    "disabling with a view",
    { StreamEnabled: false, StreamViewType: "NEW_IMAGE" },
    "One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not be specified",
  ],
  ["disabling what is not enabled", { StreamEnabled: false }, "Table has no stream to disable: TableName: tbl"],
])("refuses %s", async (_, specification, message) => {
  await expect(update(specification)).rejects.toMatchObject({ name: "ValidationException", message });
});

test.each(["NEW_IMAGE", "OLD_IMAGE"] as const)("refuses to enable %s on an enabled NEW_IMAGE stream", async (view) => {
  await enableStream(platform, "tbl", "NEW_IMAGE");
  await expect(update({ StreamEnabled: true, StreamViewType: view })).rejects.toMatchObject({
    name: "ValidationException",
    message: "Table already has an enabled stream: TableName: tbl",
  });
});

test("a table's stream can be read after the table was deleted and made again, for 24 hours", async () => {
  const arn = await enableStream(platform, "tbl");
  await dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: "a" } } });
  await dynamodb.DeleteTable({ TableName: "tbl" });
  await platform.idle();
  await makeTable(platform, "tbl", "other:N");
  const other = await enableStream(platform, "tbl");
  expect(other).not.toBe(arn);
  expect(await readStream(platform, arn)).toHaveLength(1);
  expect(await readStream(platform, other)).toEqual([]);
  const { dynamodbstreams } = platform.aws();
  expect((await dynamodbstreams.DescribeStream({ StreamArn: arn })).StreamDescription).toMatchObject({
    StreamStatus: "DISABLED",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  await platform.clock.advance(25 * 3600_000);
  await platform.idle();
  await expect(dynamodbstreams.DescribeStream({ StreamArn: arn })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect((await dynamodbstreams.ListStreams({})).Streams!.map((stream) => stream.StreamArn)).toEqual([other]);
});
