import type { DynamoDBStreamsApi } from "../../../api/dynamodbstreams/types.ts";
import type { Access, ServiceDefinition } from "../../../kernel/service.ts";
import { tableArn } from "../tables/table-name.ts";
import { findIteratorArn } from "./shard-iterator.ts";

function onStream(input: { readonly StreamArn: string }): readonly Access[] {
  return [{ resource: input.StreamArn }];
}

/**
 * What each operation touches; the actions are DynamoDB's.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export const streamsAccess: NonNullable<ServiceDefinition<DynamoDBStreamsApi>["access"]> = {
  ListStreams: ({ TableName: name = "*" }, at) => [{ resource: `${tableArn(at, name)}/stream/*` }],
  DescribeStream: onStream,
  GetShardIterator: onStream,
  // What an iterator says of its stream is part of what is sealed.
  GetRecords: ({ ShardIterator: iterator }) => [{ resource: findIteratorArn(iterator) ?? "*" }],
};
