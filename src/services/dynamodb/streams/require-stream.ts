import { ResourceNotFoundException } from "../../../api/dynamodbstreams/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { validationException } from "../refusals.ts";
import { streams } from "../state.ts";
import type { ShardRow, StreamRow } from "../state.ts";
import { listShards } from "./shards.ts";
import { findStreamKey } from "./stream-arn.ts";

/** @throws ResourceNotFoundException, or ValidationException when it is no stream's ARN */
export async function requireStream(snapshot: Snapshot, arn: string, at: ServiceContext): Promise<StreamRow> {
  const key = findStreamKey(arn, at);
  const stream = key && (await snapshot.get(streams, key));
  if (stream) return stream;
  throw new ResourceNotFoundException({ message: `Requested resource not found: Stream: ${arn} not found` });
}

/** @throws ResourceNotFoundException also for shards that ended so long ago that they are forgotten */
export async function requireShard(snapshot: Snapshot, stream: StreamRow, shardId: string): Promise<ShardRow> {
  const shard = (await listShards(snapshot, stream)).find(({ id }) => id === shardId);
  if (shard) return shard;
  throw new ResourceNotFoundException({ message: "Requested resource not found: Shard does not exist" });
}

/** The model leaves the bounds of these limits to the service. @throws ValidationException as AWS words its model checks */
export function requireLimit(limit: number | undefined, most: number): number {
  if (limit === undefined) return most;
  if (limit <= most) return limit;
  throw validationException(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
  );
}
