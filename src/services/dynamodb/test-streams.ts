import type { TestPlatform } from "../../../test/harness/platform.ts";
import type { StreamViewType } from "../../api/dynamodb/types.ts";
import type { _Record, GetRecordsInput, ShardIteratorType } from "../../api/dynamodbstreams/types.ts";
import { makeTable } from "./test-tables.ts";

/** Makes a table with a stream for a test, and answers the stream's ARN. Keys are written `pk:S sk:N`. */
export async function makeStreamedTable(
  platform: TestPlatform,
  TableName: string,
  keys: string,
  viewType: StreamViewType = "NEW_AND_OLD_IMAGES",
): Promise<string> {
  await makeTable(platform, TableName, keys);
  return enableStream(platform, TableName, viewType);
}

export async function enableStream(
  platform: TestPlatform,
  TableName: string,
  StreamViewType: StreamViewType = "NEW_AND_OLD_IMAGES",
): Promise<string> {
  const StreamSpecification = { StreamEnabled: true, StreamViewType };
  const { TableDescription } = await platform.aws().dynamodb.UpdateTable({ TableName, StreamSpecification });
  await platform.idle();
  return TableDescription!.LatestStreamArn!;
}

export async function disableStream(platform: TestPlatform, TableName: string): Promise<void> {
  await platform.aws().dynamodb.UpdateTable({ TableName, StreamSpecification: { StreamEnabled: false } });
  await platform.idle();
}

/** The shards of a stream, the oldest first. */
export async function shardsOf(platform: TestPlatform, StreamArn: string) {
  return (await platform.aws().dynamodbstreams.DescribeStream({ StreamArn })).StreamDescription!.Shards!;
}

/** An iterator of the shard at this place among those that are known. */
export async function iteratorAt(
  platform: TestPlatform,
  StreamArn: string,
  shard = 0,
  type: ShardIteratorType = "TRIM_HORIZON",
  SequenceNumber?: string,
): Promise<string> {
  const ShardId = (await shardsOf(platform, StreamArn)).at(shard)!.ShardId!;
  const asked = { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber };
  return (await platform.aws().dynamodbstreams.GetShardIterator(asked)).ShardIterator!;
}

/** All that a stream holds, shard by shard, read page by page. */
export async function readStream(
  platform: TestPlatform,
  StreamArn: string,
  limits: Pick<GetRecordsInput, "Limit"> = {},
): Promise<_Record[]> {
  const read: _Record[] = [];
  const count = (await shardsOf(platform, StreamArn)).length;
  for (let shard = 0; shard < count; shard++) {
    let ShardIterator: string | undefined = await iteratorAt(platform, StreamArn, shard);
    for (;;) {
      const page = await platform.aws().dynamodbstreams.GetRecords({ ShardIterator, ...limits });
      read.push(...page.Records!);
      ShardIterator = page.NextShardIterator;
      if (ShardIterator === undefined || page.Records!.length === 0) break;
    }
  }
  return read;
}
