import type { DynamoDBStreamsApi, KeySchemaElement, Shard } from "../../../../api/dynamodbstreams/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { validationException } from "../../refusals.ts";
import type { KeySchemaRow, ShardRow } from "../../state.ts";
import { requireLimit, requireStream } from "../../streams/require-stream.ts";
import { printSequenceNumber } from "../../streams/sequence-number.ts";
import { listShards } from "../../streams/shards.ts";

const maxShards = 100;

/**
 * A stream is enabled and disabled at once, so that nobody sees it ENABLING or DISABLING.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
 */
export const describeStream: Handler<DynamoDBStreamsApi["DescribeStream"]> = async (input, ctx) => {
  const limit = requireLimit(input.Limit, maxShards);
  const { StreamArn: arn, ShardFilter: filter, ExclusiveStartShardId: start } = input;
  if (filter && (filter.Type === undefined || filter.ShardId === undefined)) {
    throw validationException("ShardFilter needs both Type and ShardId");
  }
  return ctx.read(async (snapshot) => {
    const stream = await requireStream(snapshot, arn, ctx);
    // The start need not be a shard that is still known.
    const found = (await listShards(snapshot, stream)).filter(
      (shard) => (start === undefined || shard.id > start) && (!filter || shard.parent === filter.ShardId),
    );
    const page = found.slice(0, limit);
    return {
      StreamDescription: {
        StreamArn: arn,
        StreamLabel: stream.label,
        StreamStatus: stream.disabledAt === undefined ? "ENABLED" : "DISABLED",
        StreamViewType: stream.viewType,
        CreationRequestDateTime: new Date(stream.createdAt),
        TableName: stream.tableName,
        KeySchema: describeKeySchema(stream.keySchema),
        Shards: page.map(describeShard),
        ...(found.length > limit && { LastEvaluatedShardId: page.at(-1)!.id }),
      },
    };
  });
};

function describeKeySchema({ partition, sort }: KeySchemaRow): KeySchemaElement[] {
  const elements: KeySchemaElement[] = [{ AttributeName: partition.name, KeyType: "HASH" }];
  if (sort) elements.push({ AttributeName: sort.name, KeyType: "RANGE" });
  return elements;
}

function describeShard({ id, starting, ending, parent }: ShardRow): Shard {
  return {
    ShardId: id,
    SequenceNumberRange: {
      StartingSequenceNumber: printSequenceNumber(starting),
      ...(ending !== undefined && { EndingSequenceNumber: printSequenceNumber(ending) }),
    },
    ...(parent !== undefined && { ParentShardId: parent }),
  };
}
