import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBStreamsApi } from "../../../api/dynamodbstreams/types.ts";
import { iteratorAt, makeStreamedTable, shardsOf } from "../test-streams.ts";

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html

let platform: TestPlatform;
let games: string;
let other: string;
/** May do all with streams of the table `games`. */
let alice: DynamoDBStreamsApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  games = await makeStreamedTable(platform, "games", "id:S");
  other = await makeStreamedTable(platform, "other", "id:S");
  const { iam } = platform.aws();
  const { User } = await iam.CreateUser({ UserName: "alice" });
  const Resource = "arn:aws:dynamodb:*:*:table/games/stream/*";
  await iam.PutUserPolicy({
    UserName: "alice",
    PolicyName: "streams",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "dynamodb:*", Resource },
    }),
  });
  const account = "000000000000";
  alice = platform.aws({
    kind: "user",
    account,
    arn: User!.Arn!,
    userName: "alice",
    userId: User!.UserId!,
  }).dynamodbstreams;
});
afterEach(() => platform.close());

test.each(["games", "other"])("rights are those on the ARNs of streams: %s", async (TableName) => {
  const StreamArn = TableName === "games" ? games : other;
  const ShardIterator = await iteratorAt(platform, StreamArn);
  const ShardId = (await shardsOf(platform, StreamArn))[0]!.ShardId!;
  const calls: Record<string, () => Promise<unknown>> = {
    ListStreams: () => alice.ListStreams({ TableName }),
    DescribeStream: () => alice.DescribeStream({ StreamArn }),
    GetShardIterator: () => alice.GetShardIterator({ StreamArn, ShardId, ShardIteratorType: "LATEST" }),
    GetRecords: () => alice.GetRecords({ ShardIterator }),
  };
  for (const [operation, call] of Object.entries(calls)) {
    if (TableName === "games") await expect(call()).resolves.toBeDefined();
    else {
      await expect(call()).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(`dynamodb:${operation} on resource: arn:aws:dynamodb:us-east-1`),
      });
    }
  }
});

test("an iterator cannot be taken to a stream that one may read", async () => {
  const sealed = (await iteratorAt(platform, other)).split("|")[2]!;
  await expect(alice.GetRecords({ ShardIterator: `${games}|1|${sealed}` })).rejects.toMatchObject({
    message: "Invalid ShardIterator",
  });
});
