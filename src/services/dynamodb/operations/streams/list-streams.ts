import type { DynamoDBStreamsApi, Stream } from "../../../../api/dynamodbstreams/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { streams } from "../../state.ts";
import { requireLimit } from "../../streams/require-stream.ts";
import { findStreamKey, streamArn } from "../../streams/stream-arn.ts";

const maxStreams = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html */
export const listStreams: Handler<DynamoDBStreamsApi["ListStreams"]> = async (input, ctx) => {
  const limit = requireLimit(input.Limit, maxStreams);
  const start = input.ExclusiveStartStreamArn;
  const after = start === undefined ? undefined : findStreamKey(start, ctx);
  const prefix = input.TableName === undefined ? [] : [input.TableName];
  return ctx.read(async (snapshot) => {
    const found: Stream[] = [];
    for await (const { tableName, label } of snapshot.list(streams, { prefix, ...(after && { after }) })) {
      if (found.length === limit) return { Streams: found, LastEvaluatedStreamArn: found.at(-1)!.StreamArn };
      found.push({ StreamArn: streamArn(ctx, tableName, label), TableName: tableName, StreamLabel: label });
    }
    return { Streams: found };
  });
};
