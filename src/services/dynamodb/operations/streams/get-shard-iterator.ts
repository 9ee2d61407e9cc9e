import { TrimmedDataAccessException } from "../../../../api/dynamodbstreams/errors.ts";
import type { DynamoDBStreamsApi, GetShardIteratorInput } from "../../../../api/dynamodbstreams/types.ts";
import type { ServiceContext } from "../../../../kernel/context.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { validationException } from "../../refusals.ts";
import { streamSecrets } from "../../state.ts";
import type { ShardRow } from "../../state.ts";
import { requireShard, requireStream } from "../../streams/require-stream.ts";
import { parseSequenceNumber } from "../../streams/sequence-number.ts";
import { newIteratorSecret, sealIterator } from "../../streams/shard-iterator.ts";
import { lastSequence } from "../../streams/shards.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
export const getShardIterator: Handler<DynamoDBStreamsApi["GetShardIterator"]> = async (input, ctx) => {
  const { StreamArn: arn, ShardId: shardId } = input;
  requireFittingSequence(input);
  const { shard, next, secret } = await ctx.read(async (snapshot) => {
    const stream = await requireStream(snapshot, arn, ctx);
    const found = await requireShard(snapshot, stream, shardId);
    return {
      shard: found.number,
      next: await startOf(snapshot, found, input),
      secret: (await snapshot.get(streamSecrets, []))?.secret,
    };
  });
  const position = { shard, next, issuedAt: ctx.clock.now() };
  return { ShardIterator: sealIterator(arn, position, secret ?? (await makeSecret(ctx)), ctx.ids) };
};

function requireFittingSequence({ ShardIteratorType: type, SequenceNumber: sequence }: GetShardIteratorInput): void {
  const needed = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
  if (needed && sequence === undefined) {
    throw validationException(`SequenceNumber must be specified when ShardIteratorType is ${type}`);
  }
  if (!needed && sequence !== undefined) {
    throw validationException(`SequenceNumber must not be specified when ShardIteratorType is ${type}`);
  }
}

async function startOf(snapshot: Snapshot, shard: ShardRow, input: GetShardIteratorInput): Promise<number> {
  const last = await lastSequence(snapshot, shard);
  switch (input.ShardIteratorType) {
    case "TRIM_HORIZON":
      return Math.max(shard.starting, shard.trimmed + 1);
    case "LATEST":
      return last + 1;
    case "AT_SEQUENCE_NUMBER":
    case "AFTER_SEQUENCE_NUMBER": {
      const given = parseSequenceNumber(input.SequenceNumber!);
      if (given === undefined || given < shard.starting || given > last) {
        throw validationException(`Invalid SequenceNumber: ${input.SequenceNumber} is not in shard ${shard.id}`);
      }
      const next = input.ShardIteratorType === "AT_SEQUENCE_NUMBER" ? given : given + 1;
      if (next <= shard.trimmed) {
        throw new TrimmedDataAccessException({ message: "The data you are trying to access has been trimmed" });
      }
      return next;
    }
  }
}

async function makeSecret(ctx: ServiceContext): Promise<string> {
  const made = newIteratorSecret(ctx.ids);
  return ctx.write(async (tx) => {
    const known = await tx.get(streamSecrets, []);
    if (!known) tx.put(streamSecrets, { secret: made });
    return known?.secret ?? made;
  });
}
