import { hash } from "node:crypto";
import type { Snapshot, Transaction } from "../../../kernel/records.ts";
import { shards, streamEnds } from "../state.ts";
import type { ShardRow, StreamEndRow } from "../state.ts";

/** AWS's shards live for about four hours. */
export const shardLifetimeMs = 4 * 60 * 60 * 1000;

/** How long records, closed shards and disabled streams can be read. */
export const retentionMs = 24 * 60 * 60 * 1000;

type StreamKey = Pick<StreamEndRow, "tableName" | "label">;

/** Opens a stream's first shard, or the one after `parent`. */
export function openShard(tx: Transaction, { tableName, label }: StreamKey, parent?: ShardRow): ShardRow {
  const number = parent ? parent.number + 1 : 0;
  const starting = (parent?.ending ?? 0) + 1;
  const digest = hash("sha256", `${tableName}/${label}/${number}`).slice(0, 8);
  const shard: ShardRow = {
    tableName,
    label,
    number,
    // In the order of time as texts too, which consumers rely on.
    id: `shardId-${String(tx.now).padStart(20, "0")}-${digest}`,
    ...(parent && { parent: parent.id }),
    startedAt: tx.now,
    starting,
    trimmed: 0,
  };
  tx.put(shards, shard);
  tx.put(streamEnds, { tableName, label, shard: number, last: starting });
  return shard;
}

/** Closes the stream's open shard, and with it the end that records are written to. */
export async function closeShard(tx: Transaction, { tableName, label }: StreamKey): Promise<ShardRow> {
  const end = await tx.get(streamEnds, [tableName, label]);
  const open = end && (await tx.get(shards, [tableName, label, end.shard]));
  if (!open) throw new Error(`The stream ${label} of table ${tableName} has no open shard.`);
  const closed: ShardRow = { ...open, ending: end.last, endedAt: tx.now };
  tx.put(shards, closed);
  tx.delete(streamEnds, [tableName, label]);
  return closed;
}

/** All shards of a stream that are still known, the oldest first. */
export function listShards(snapshot: Snapshot, { tableName, label }: StreamKey): Promise<ShardRow[]> {
  return Array.fromAsync(snapshot.list(shards, { prefix: [tableName, label] }));
}

/** The sequence number that a shard gave last. */
export async function lastSequence(snapshot: Snapshot, shard: ShardRow): Promise<number> {
  if (shard.ending !== undefined) return shard.ending;
  return (await snapshot.get(streamEnds, [shard.tableName, shard.label]))?.last ?? shard.starting;
}
