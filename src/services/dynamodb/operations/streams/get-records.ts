import { ExpiredIteratorException, TrimmedDataAccessException } from "../../../../api/dynamodbstreams/errors.ts";
import type { DynamoDBStreamsApi } from "../../../../api/dynamodbstreams/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { shards, streamRecords, streamSecrets } from "../../state.ts";
import type { ShardRow } from "../../state.ts";
import { describeStreamRecord } from "../../streams/describe-stream-record.ts";
import { requireLimit, requireStream } from "../../streams/require-stream.ts";
import { findIteratorArn, iteratorLifetimeMs, openIterator, sealIterator } from "../../streams/shard-iterator.ts";
import type { StreamRecordRow } from "../../streams/stream-record-row.ts";

const maxRecords = 1000;
const maxBytes = 1024 * 1024;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
export const getRecords: Handler<DynamoDBStreamsApi["GetRecords"]> = async (input, ctx) => {
  const limit = requireLimit(input.Limit, maxRecords);
  const now = ctx.clock.now();
  return ctx.read(async (snapshot) => {
    const secret = (await snapshot.get(streamSecrets, []))?.secret;
    const position = openIterator(input.ShardIterator, secret);
    if (position.issuedAt + iteratorLifetimeMs < now) {
      throw new ExpiredIteratorException({ message: "Shard iterator has expired" });
    }
    const arn = findIteratorArn(input.ShardIterator)!;
    const stream = await requireStream(snapshot, arn, ctx);
    const shard = await snapshot.get(shards, [stream.tableName, stream.label, position.shard]);
    if (!shard || position.next <= shard.trimmed) {
      throw new TrimmedDataAccessException({ message: "The data you are trying to access has been trimmed" });
    }
    const { records, next } = await readRecords(snapshot, shard, position.next, limit);
    const over = shard.ending !== undefined && next > shard.ending;
    return {
      Records: records.map((record) => describeStreamRecord(record, stream, arn, ctx.region)),
      // A shard that is closed and read to its end has no next iterator: its child goes on.
      ...(!over && {
        NextShardIterator: sealIterator(arn, { shard: shard.number, next, issuedAt: now }, secret!, ctx.ids),
      }),
    };
  });
};

/** Up to `limit` records and 1 MB from a sequence number on, and the one to go on with. */
async function readRecords(
  snapshot: Snapshot,
  shard: ShardRow,
  from: number,
  limit: number,
): Promise<{ readonly records: readonly StreamRecordRow[]; readonly next: number }> {
  const prefix = [shard.tableName, shard.label, shard.number];
  const records: StreamRecordRow[] = [];
  let bytes = 0;
  let next = from;
  for await (const record of snapshot.list(streamRecords, { prefix, from: [...prefix, from] })) {
    bytes += record.size;
    // One record is given however large it is: an item and its image before can be close to the bound.
    if (records.length > 0 && (records.length === limit || bytes > maxBytes)) return { records, next };
    records.push(record);
    next = record.sequence + 1;
  }
  // A closed shard ends behind its last record, be it one that was read before.
  return { records, next: shard.ending === undefined ? next : shard.ending + 1 };
}
