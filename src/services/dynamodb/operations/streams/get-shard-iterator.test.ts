import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../../test/harness/platform.ts";
import type { DynamoDBStreamsApi, GetShardIteratorInput } from "../../../../api/dynamodbstreams/types.ts";
import { iteratorAt, makeStreamedTable, shardsOf } from "../../test-streams.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html

let platform: TestPlatform;
let dynamodbstreams: DynamoDBStreamsApi;
let StreamArn: string;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodbstreams } = platform.aws());
  StreamArn = await makeStreamedTable(platform, "tbl", "id:S");
});
afterEach(() => platform.close());

const put = (id: string) => platform.aws().dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: id } } });
const idsFrom = async (ShardIterator: string) =>
  (await dynamodbstreams.GetRecords({ ShardIterator })).Records!.map((record) => record.dynamodb!.Keys!["id"]!.S);

test("each type of iterator starts where it says", async () => {
  for (const id of ["a", "b", "c"]) await put(id);
  const latest = await iteratorAt(platform, StreamArn, 0, "LATEST");
  const ShardIterator = await iteratorAt(platform, StreamArn);
  const { Records } = await dynamodbstreams.GetRecords({ ShardIterator });
  const second = Records![1]!.dynamodb!.SequenceNumber!;
  await put("d");
  expect(await idsFrom(ShardIterator)).toEqual(["a", "b", "c", "d"]);
  expect(await idsFrom(latest)).toEqual(["d"]);
  const from = async (type: "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER", number: string) =>
    idsFrom(await iteratorAt(platform, StreamArn, 0, type, number));
  expect(await from("AT_SEQUENCE_NUMBER", second)).toEqual(["b", "c", "d"]);
  expect(await from("AFTER_SEQUENCE_NUMBER", second)).toEqual(["c", "d"]);
  const [shard] = await shardsOf(platform, StreamArn);
  const starting = shard!.SequenceNumberRange!.StartingSequenceNumber!;
  expect(await from("AT_SEQUENCE_NUMBER", starting)).toEqual(["a", "b", "c", "d"]);
});

test("an iterator names its stream and hides the rest", async () => {
  const iterator = await iteratorAt(platform, StreamArn);
  const [arn, version, sealed] = iterator.split("|");
  expect([arn, version]).toEqual([StreamArn, "1"]);
  expect(await iteratorAt(platform, StreamArn)).not.toBe(iterator);
  expect(Buffer.from(sealed!, "base64").toString("latin1")).not.toContain("[0,1,");
});

test("records that were trimmed cannot be asked for", async () => {
  await put("a");
  const { Records } = await dynamodbstreams.GetRecords({ ShardIterator: await iteratorAt(platform, StreamArn) });
  const number = Records![0]!.dynamodb!.SequenceNumber!;
  // The shard that holds it lives an hour longer than its record.
  await platform.clock.advance(3 * 3600_000);
  await put("b");
  await platform.clock.advance(22 * 3600_000);
  await platform.idle();
  await expect(iteratorAt(platform, StreamArn, 0, "AT_SEQUENCE_NUMBER", number)).rejects.toMatchObject({
    name: "TrimmedDataAccessException",
    message: "The data you are trying to access has been trimmed",
  });
  expect(await idsFrom(await iteratorAt(platform, StreamArn, 0, "AFTER_SEQUENCE_NUMBER", number))).toEqual(["b"]);
  expect(await idsFrom(await iteratorAt(platform, StreamArn))).toEqual(["b"]);
});

const unknown = { name: "ResourceNotFoundException" };
const invalid = { name: "ValidationException" };
test.each<[string, Partial<GetShardIteratorInput>, object]>([
  [
    "a shard that is not there",
    { ShardId: "shardId-00000000000000000000-00000000" },
    { ...unknown, message: "Requested resource not found: Shard does not exist" },
  ],
  [
    "a stream that is not there",
    { StreamArn: "arn:aws:dynamodb:us-east-1:000000000000:table/tbl/stream/2020-01-01T00:00:00.000" },
    {
      ...unknown,
      message:
        "Requested resource not found: Stream: arn:aws:dynamodb:us-east-1:000000000000:table/tbl/stream/2020-01-01T00:00:00.000 not found",
    },
  ],
  ["what is no stream's ARN", { StreamArn: "arn:aws:dynamodb:us-east-1:000000000000:table/tbl" }, invalid],
  ["AT_SEQUENCE_NUMBER without a number", { ShardIteratorType: "AT_SEQUENCE_NUMBER" }, invalid],
  ["LATEST with a number", { SequenceNumber: "100000000000000000001" }, invalid],
  [
    "a number that is none",
    { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: "sdfsafglldfngjdafnasdf" },
    invalid,
  ],
  [
    "a number that was not given yet",
    { ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: "100000000000000000009" },
    invalid,
  ],
])("refuses %s", async (_, input, error) => {
  const ShardId = (await shardsOf(platform, StreamArn))[0]!.ShardId!;
  await expect(
    dynamodbstreams.GetShardIterator({ StreamArn, ShardId, ShardIteratorType: "LATEST", ...input }),
  ).rejects.toMatchObject(error);
});
