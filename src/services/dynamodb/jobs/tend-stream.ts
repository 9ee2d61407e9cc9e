import type { EpochMs } from "../../../base/clock.ts";
import { job } from "../../../kernel/jobs.ts";
import type { Transaction } from "../../../kernel/records.ts";
import { shards, streamRecords, streams } from "../state.ts";
import type { ShardRow, StreamRow } from "../state.ts";
import { closeShard, listShards, openShard, retentionMs, shardLifetimeMs } from "../streams/shards.ts";

interface StreamKey {
  readonly tableName: string;
  readonly label: string;
}

/** So many records go in one commit. */
const chunkRecords = 500;

/** On a busy stream records fall due all the time; they are trimmed together. */
const pauseMs = 5 * 60 * 1000;

/**
 * Keeps a stream in shape: trims records after 24 hours, rolls its open shard over, and forgets shards and streams 24
 * hours after their end. Each run schedules the next, so that there is one as long as there is the stream.
 */
export const tendStream = job<StreamKey>({
  name: "tend-stream",
  // A stream that is not tended keeps everything for ever: it is tried again until it works.
  retry: { attempts: Number.MAX_SAFE_INTEGER },
  run: async (key, ctx) => {
    let more: boolean;
    do {
      ctx.signal.throwIfAborted();
      more = await ctx.write((tx) => trimChunk(tx, key));
    } while (more);
    await ctx.complete(async (tx) => {
      const stream = await tx.get(streams, [key.tableName, key.label]);
      if (!stream) return;
      const kept = await forgetShards(tx, stream);
      const open = stream.disabledAt === undefined ? await rollOver(tx, stream, kept.at(-1)!) : undefined;
      if (kept.length === 0) tx.delete(streams, [key.tableName, key.label]);
      else tx.schedule(tendStream, key, { at: await nextTime(tx, kept, open) });
    });
  },
});

/** Answers whether there may be more to trim. */
async function trimChunk(tx: Transaction, key: StreamKey): Promise<boolean> {
  let count = 0;
  for (const shard of await listShards(tx, key)) {
    let trimmed: number | undefined;
    let youngerFound = false;
    const prefix = [key.tableName, key.label, shard.number];
    for await (const { sequence, at } of tx.list(streamRecords, { prefix })) {
      youngerFound = at + retentionMs > tx.now;
      if (youngerFound || count === chunkRecords) break;
      tx.delete(streamRecords, [...prefix, sequence]);
      trimmed = sequence;
      count++;
    }
    if (trimmed !== undefined) tx.put(shards, { ...shard, trimmed });
    if (youngerFound) return false;
    if (count === chunkRecords) return true;
  }
  return false;
}

/** Forgets shards that were closed 24 hours ago, whose records are all trimmed; answers the others. */
async function forgetShards(tx: Transaction, stream: StreamRow): Promise<ShardRow[]> {
  const kept: ShardRow[] = [];
  for (const shard of await listShards(tx, stream)) {
    if (shard.endedAt !== undefined && shard.endedAt + retentionMs <= tx.now) {
      tx.delete(shards, [shard.tableName, shard.label, shard.number]);
    } else kept.push(shard);
  }
  return kept;
}

async function rollOver(tx: Transaction, stream: StreamRow, open: ShardRow): Promise<ShardRow> {
  if (open.startedAt + shardLifetimeMs > tx.now) return open;
  return openShard(tx, stream, await closeShard(tx, stream));
}

async function nextTime(tx: Transaction, kept: readonly ShardRow[], open: ShardRow | undefined): Promise<EpochMs> {
  const times = kept.flatMap(({ endedAt }) => (endedAt === undefined ? [] : [endedAt + retentionMs]));
  if (open) times.push(open.startedAt + shardLifetimeMs);
  for (const { tableName, label, number } of kept) {
    for await (const oldest of tx.list(streamRecords, { prefix: [tableName, label, number] })) {
      times.push(Math.max(oldest.at + retentionMs, tx.now + pauseMs));
      break;
    }
  }
  return Math.min(...times);
}
