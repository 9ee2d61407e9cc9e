import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sdkConfig } from "../../../../../test/harness/clients.ts";
import { TestPlatform } from "../../../../../test/harness/platform.ts";
import type { DynamoDBApi, StreamViewType } from "../../../../api/dynamodb/types.ts";
import type { DynamoDBStreamsApi } from "../../../../api/dynamodbstreams/types.ts";
import { disableStream, enableStream, iteratorAt, makeStreamedTable, readStream } from "../../test-streams.ts";
import { makeTable } from "../../test-tables.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html

let platform: TestPlatform;
let dynamodb: DynamoDBApi;
let dynamodbstreams: DynamoDBStreamsApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb, dynamodbstreams } = platform.aws());
});
afterEach(() => platform.close());

const TableName = "tbl";
const put = (id: string, more: object = {}) => dynamodb.PutItem({ TableName, Item: { id: { S: id }, ...more } });

describe("views", () => {
  const old = { id: { S: "a" }, b: { B: Buffer.from([1, 2]) } };
  const fresh = { id: { S: "a" }, n: { N: "5" } };
  test.each<[StreamViewType, object, object, object]>([
    ["KEYS_ONLY", {}, {}, {}],
    ["NEW_IMAGE", { NewImage: old }, { NewImage: fresh }, {}],
    ["OLD_IMAGE", {}, { OldImage: old }, { OldImage: fresh }],
    ["NEW_AND_OLD_IMAGES", { NewImage: old }, { NewImage: fresh, OldImage: old }, { OldImage: fresh }],
  ])("%s", async (StreamViewType, ...images) => {
    const arn = await makeStreamedTable(platform, TableName, "id:S", StreamViewType);
    await dynamodb.PutItem({ TableName, Item: old });
    await platform.clock.advance(1500);
    await dynamodb.PutItem({ TableName, Item: fresh });
    await dynamodb.DeleteItem({ TableName, Key: { id: { S: "a" } } });
    const sizes = { id: 3, old: 6, fresh: 6 };
    const at = [0, 1, 1];
    expect(await readStream(platform, arn)).toEqual(
      (["INSERT", "MODIFY", "REMOVE"] as const).map((eventName, index) => ({
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName,
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "us-east-1",
        dynamodb: {
          ApproximateCreationDateTime: new Date(Date.UTC(2026, 0, 1) + at[index]! * 1000),
          Keys: { id: { S: "a" } },
          ...images[index],
          SequenceNumber: `10000000000000000000${index + 2}`,
          SizeBytes: sizes.id + Object.keys(images[index]!).length * sizes.old,
          StreamViewType,
        },
      })),
    );
  });
});

test("what changes nothing leaves no record", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  await put("a", { tags: { SS: ["x", "y"] }, n: { N: "1.0" } });
  await put("a", { tags: { SS: ["y", "x"] }, n: { N: "1" } });
  await dynamodb.UpdateItem({
    TableName,
    Key: { id: { S: "a" } },
    UpdateExpression: "SET n = :n",
    ExpressionAttributeValues: { ":n": { N: "1" } },
  });
  await dynamodb.DeleteItem({ TableName, Key: { id: { S: "none" } } });
  expect((await readStream(platform, arn)).map((record) => record.eventName)).toEqual(["INSERT"]);
});

test("transactions and batches leave a record for each item, or none when they fail", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S", "KEYS_ONLY");
  const Put = (id: string) => ({ TableName, Item: { id: { S: id } } });
  await dynamodb.TransactWriteItems({ TransactItems: [{ Put: Put("b") }, { Put: Put("a") }] });
  const failing = { Put: { ...Put("a"), ConditionExpression: "attribute_not_exists(id)" } };
  await expect(dynamodb.TransactWriteItems({ TransactItems: [{ Put: Put("c") }, failing] })).rejects.toThrow();
  await dynamodb.BatchWriteItem({
    RequestItems: {
      [TableName]: [{ DeleteRequest: { Key: { id: { S: "a" } } } }, { PutRequest: { Item: { id: { S: "d" } } } }],
    },
  });
  const read = await readStream(platform, arn);
  expect(read.map((record) => `${record.eventName} ${record.dynamodb!.Keys!["id"]!.S}`)).toEqual([
    "INSERT b",
    "INSERT a",
    "REMOVE a",
    "INSERT d",
  ]);
});

test("what time to live deletes is marked as the service's doing", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S", "OLD_IMAGE");
  await dynamodb.UpdateTimeToLive({
    TableName,
    TimeToLiveSpecification: { Enabled: true, AttributeName: "until" },
  });
  await put("a", { until: { N: String(platform.clock.now() / 1000 + 60) } });
  await platform.clock.advance(61_000);
  await platform.idle();
  const [inserted, removed] = await readStream(platform, arn);
  expect(inserted).not.toHaveProperty("userIdentity");
  expect(removed).toMatchObject({
    eventName: "REMOVE",
    userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
    dynamodb: { OldImage: { id: { S: "a" } } },
  });
});

test("pages hold up to the limit, 1,000 records and 1 MB", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  for (let id = 0; id < 5; id++) await put(String(id), { text: { S: "x".repeat(300_000) } });
  const all = await readStream(platform, arn, { Limit: 2 });
  expect(all.map((record) => record.dynamodb!.Keys!["id"]!.S)).toEqual(["0", "1", "2", "3", "4"]);
  const first = await dynamodbstreams.GetRecords({ ShardIterator: await iteratorAt(platform, arn) });
  expect(first.Records).toHaveLength(3);
  const next = await dynamodbstreams.GetRecords({ ShardIterator: first.NextShardIterator! });
  expect(next.Records).toHaveLength(2);
  await expect(
    dynamodbstreams.GetRecords({ ShardIterator: first.NextShardIterator!, Limit: 1001 }),
  ).rejects.toMatchObject({ message: expect.stringContaining("less than or equal to 1000") });
});

test("an open shard always goes on; one that is closed ends, and its child begins", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S", "KEYS_ONLY");
  const empty = await dynamodbstreams.GetRecords({ ShardIterator: await iteratorAt(platform, arn) });
  expect(empty).toMatchObject({ Records: [], NextShardIterator: expect.any(String) });
  await put("a");
  const page = await dynamodbstreams.GetRecords({ ShardIterator: empty.NextShardIterator! });
  expect(page.Records).toHaveLength(1);
  await platform.clock.advance(4 * 3600_000);
  await platform.idle();
  await platform.restart();
  ({ dynamodb, dynamodbstreams } = platform.aws());
  await put("b");
  const closed = await dynamodbstreams.GetRecords({ ShardIterator: await iteratorAt(platform, arn, 0) });
  expect(closed.Records).toHaveLength(1);
  expect(closed).not.toHaveProperty("NextShardIterator");
  const child = await dynamodbstreams.GetRecords({ ShardIterator: await iteratorAt(platform, arn, 1) });
  expect(child.Records!.map((record) => record.dynamodb!.Keys!["id"]!.S)).toEqual(["b"]);
});

test("iterators live for 15 minutes, restarts included", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  const ShardIterator = await iteratorAt(platform, arn);
  await platform.clock.advance(15 * 60_000);
  await platform.restart();
  ({ dynamodbstreams } = platform.aws());
  expect(await dynamodbstreams.GetRecords({ ShardIterator })).toMatchObject({ Records: [] });
  await platform.clock.advance(1);
  await expect(dynamodbstreams.GetRecords({ ShardIterator })).rejects.toMatchObject({
    name: "ExpiredIteratorException",
    message: "Shard iterator has expired",
  });
});

test("an iterator whose records were trimmed meanwhile says so", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  await put("a");
  await platform.clock.advance(24 * 3600_000 - 60_000);
  await platform.idle();
  const ShardIterator = await iteratorAt(platform, arn);
  await platform.clock.advance(6 * 60_000);
  await platform.idle();
  await expect(dynamodbstreams.GetRecords({ ShardIterator })).rejects.toMatchObject({
    name: "TrimmedDataAccessException",
  });
});

test("refuses iterators that were not given, and those that were changed", async () => {
  await makeTable(platform, "other", "id:S");
  const other = await enableStream(platform, "other");
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  const iterator = await iteratorAt(platform, arn);
  const sealed = iterator.split("|")[2]!;
  const flipped = `${arn}|1|${sealed.startsWith("A") ? "B" : "A"}${sealed.slice(1)}`;
  for (const ShardIterator of ["nonsense", `${arn}|1|`, `${arn}|1|AAAA`, flipped, `${other}|1|${sealed}`]) {
    await expect(dynamodbstreams.GetRecords({ ShardIterator })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Invalid ShardIterator",
    });
  }
});

test("the SDK's own client follows a stream to its end", async () => {
  const arn = await makeStreamedTable(platform, TableName, "id:S");
  await put("a", { bytes: { B: Buffer.from([1, 2, 3]) }, list: { L: [{ NULL: true }] } });
  const endpoint = await platform.listen();
  const client = new DynamoDBStreamsClient(sdkConfig(endpoint));
  const { Streams } = await client.send(new ListStreamsCommand({ TableName }));
  expect(Streams).toMatchObject([{ StreamArn: arn }]);
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: StreamDescription!.Shards![0]!.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const page = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(page.Records).toMatchObject([
    {
      eventName: "INSERT",
      dynamodb: {
        ApproximateCreationDateTime: new Date("2026-01-01T00:00:00Z"),
        NewImage: { bytes: { B: Uint8Array.from([1, 2, 3]) }, list: { L: [{ NULL: true }] } },
      },
    },
  ]);
  await disableStream(platform, TableName);
  const last = await client.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
  expect(last.Records).toEqual([]);
  expect(last.NextShardIterator).toBeUndefined();
  await platform.clock.advance(16 * 60_000);
  await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow(ExpiredIteratorException);
  client.destroy();
});
