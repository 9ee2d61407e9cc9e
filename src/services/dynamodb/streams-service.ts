import type { DynamoDBStreamsApi } from "../../api/dynamodbstreams/types.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { describeStream } from "./operations/streams/describe-stream.ts";
import { getRecords } from "./operations/streams/get-records.ts";
import { getShardIterator } from "./operations/streams/get-shard-iterator.ts";
import { listStreams } from "./operations/streams/list-streams.ts";
import { streamsAccess } from "./streams/streams-access.ts";

/** Amazon DynamoDB Streams: a second door to the room of DynamoDB, whose records it reads. */
export const dynamodbStreamsService: ServiceDefinition<DynamoDBStreamsApi> = {
  name: "dynamodbstreams",
  iamPrefix: "dynamodb",
  scope: "regional",
  operations: {
    ListStreams: listStreams,
    DescribeStream: describeStream,
    GetShardIterator: getShardIterator,
    GetRecords: getRecords,
  },
  access: streamsAccess,
};
