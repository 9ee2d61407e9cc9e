import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../../test/harness/platform.ts";
import type { DynamoDBStreamsApi } from "../../../../api/dynamodbstreams/types.ts";
import { disableStream, enableStream, makeStreamedTable } from "../../test-streams.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html

let platform: TestPlatform;
let dynamodbstreams: DynamoDBStreamsApi;
let arns: string[];

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodbstreams } = platform.aws());
  arns = [await makeStreamedTable(platform, "aaa", "id:S"), await makeStreamedTable(platform, "bbb", "id:S")];
  await disableStream(platform, "aaa");
  await platform.clock.advance(1000);
  arns.splice(1, 0, await enableStream(platform, "aaa"));
});
afterEach(() => platform.close());

const listed = async (input: Parameters<typeof dynamodbstreams.ListStreams>[0]) =>
  (await dynamodbstreams.ListStreams(input)).Streams!.map((stream) => stream.StreamArn);

test("lists the streams of the region or of a table, disabled ones too", async () => {
  expect(await dynamodbstreams.ListStreams({})).toEqual({
    Streams: [
      { StreamArn: arns[0], TableName: "aaa", StreamLabel: "2026-01-01T00:00:00.000" },
      { StreamArn: arns[1], TableName: "aaa", StreamLabel: "2026-01-01T00:00:01.000" },
      { StreamArn: arns[2], TableName: "bbb", StreamLabel: "2026-01-01T00:00:00.000" },
    ],
  });
  expect(await listed({ TableName: "bbb" })).toEqual([arns[2]]);
  expect(await listed({ TableName: "none" })).toEqual([]);
  expect(await platform.aws(undefined, { region: "eu-west-1" }).dynamodbstreams.ListStreams({})).toEqual({
    Streams: [],
  });
});

test("goes page by page", async () => {
  const first = await dynamodbstreams.ListStreams({ Limit: 2 });
  expect(first).toMatchObject({ Streams: [{}, {}], LastEvaluatedStreamArn: arns[1] });
  expect(await listed({ Limit: 2, ExclusiveStartStreamArn: first.LastEvaluatedStreamArn })).toEqual([arns[2]]);
  expect(await listed({ TableName: "aaa", ExclusiveStartStreamArn: arns[0] })).toEqual([arns[1]]);
});

test("refuses more than 100 at once and a start that is no stream's ARN", async () => {
  await expect(dynamodbstreams.ListStreams({ Limit: 101 })).rejects.toMatchObject({
    message:
      "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
  });
  await expect(
    dynamodbstreams.ListStreams({ ExclusiveStartStreamArn: "long enough, but the ARN of no stream" }),
  ).rejects.toMatchObject({ name: "ValidationException" });
});
