import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../../test/harness/platform.ts";
import type { DynamoDBStreamsApi } from "../../../../api/dynamodbstreams/types.ts";
import { disableStream, makeStreamedTable, shardsOf } from "../../test-streams.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html

let platform: TestPlatform;
let dynamodbstreams: DynamoDBStreamsApi;
let StreamArn: string;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodbstreams } = platform.aws());
  StreamArn = await makeStreamedTable(platform, "tbl", "pk:S sk:N", "NEW_IMAGE");
});
afterEach(() => platform.close());

const hours = async (count: number) => {
  await platform.clock.advance(count * 3600_000);
  await platform.idle();
};
const first = "100000000000000000001";

test("describes a stream and its open shard", async () => {
  const { StreamDescription } = await dynamodbstreams.DescribeStream({ StreamArn });
  expect(StreamDescription).toEqual({
    StreamArn,
    StreamLabel: "2026-01-01T00:00:00.000",
    StreamStatus: "ENABLED",
    StreamViewType: "NEW_IMAGE",
    CreationRequestDateTime: new Date("2026-01-01T00:00:00Z"),
    TableName: "tbl",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    Shards: [
      {
        ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
        SequenceNumberRange: { StartingSequenceNumber: first },
      },
    ],
  });
});

test("after four hours a shard is closed and has a child, which is found by its parent", async () => {
  await platform.aws().dynamodb.PutItem({ TableName: "tbl", Item: { pk: { S: "a" }, sk: { N: "1" } } });
  await hours(4);
  const [parent, child] = await shardsOf(platform, StreamArn);
  expect(parent!.SequenceNumberRange).toEqual({
    StartingSequenceNumber: first,
    EndingSequenceNumber: "100000000000000000002",
  });
  expect(child).toMatchObject({
    ParentShardId: parent!.ShardId,
    SequenceNumberRange: { StartingSequenceNumber: "100000000000000000003" },
  });
  expect(child!.SequenceNumberRange).not.toHaveProperty("EndingSequenceNumber");
  const filtered = await dynamodbstreams.DescribeStream({
    StreamArn,
    ShardFilter: { Type: "CHILD_SHARDS", ShardId: parent!.ShardId },
  });
  expect(filtered.StreamDescription!.Shards).toEqual([child]);
});

test("shards come page by page in the order of time, and are forgotten 24 hours after their end", async () => {
  await hours(8);
  const all = await shardsOf(platform, StreamArn);
  expect(all).toHaveLength(3);
  const page = await dynamodbstreams.DescribeStream({ StreamArn, Limit: 2 });
  expect(page.StreamDescription).toMatchObject({ Shards: all.slice(0, 2), LastEvaluatedShardId: all[1]!.ShardId });
  const rest = await dynamodbstreams.DescribeStream({ StreamArn, ExclusiveStartShardId: all[1]!.ShardId });
  expect(rest.StreamDescription!.Shards).toEqual([all[2]]);
  expect(rest.StreamDescription).not.toHaveProperty("LastEvaluatedShardId");
  await hours(30);
  const later = await shardsOf(platform, StreamArn);
  expect(later).toHaveLength(7);
  expect(later[0]!.ShardId! > all[1]!.ShardId!).toBe(true);
});

test("a stream that is disabled has no open shard, and is gone after 24 hours", async () => {
  await disableStream(platform, "tbl");
  const { StreamDescription } = await dynamodbstreams.DescribeStream({ StreamArn });
  expect(StreamDescription).toMatchObject({
    StreamStatus: "DISABLED",
    Shards: [{ SequenceNumberRange: { StartingSequenceNumber: first, EndingSequenceNumber: first } }],
  });
  await platform.restart();
  await hours(23);
  expect(await shardsOf(platform, StreamArn)).toHaveLength(1);
  await hours(1);
  await expect(shardsOf(platform, StreamArn)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `Requested resource not found: Stream: ${StreamArn} not found`,
  });
});

test("refuses what is no stream's ARN, a filter that lacks a part, and more than 100 shards at once", async () => {
  const refusal = (input: object) => dynamodbstreams.DescribeStream({ StreamArn, ...input }).catch((error) => error);
  const noArn = { StreamArn: "sdfadfsdfnlfkajakfgjalksfgklasjklasdjfklasdfasdfgasf" };
  expect(await refusal(noArn)).toMatchObject({ name: "ValidationException" });
  expect(await refusal({ ShardFilter: { Type: "CHILD_SHARDS" } })).toMatchObject({ name: "ValidationException" });
  expect(await refusal({ Limit: 101 })).toMatchObject({
    message: expect.stringContaining("less than or equal to 100"),
  });
});
