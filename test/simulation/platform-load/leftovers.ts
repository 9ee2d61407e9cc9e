import { expect } from "vitest";
import { SystemClock } from "../../../src/base/clock.ts";
import { randomIds } from "../../../src/base/ids.ts";
import { createLog } from "../../../src/base/log.ts";
import type { Collection, Key, Snapshot } from "../../../src/kernel/records.ts";
import { Assembly } from "../../../src/platform.ts";
import { indexEntries, items, tables } from "../../../src/services/dynamodb/state.ts";
import { logEvents, logGroups, logStreams } from "../../../src/services/logs/state.ts";
import { LevelStore } from "../../../src/storage/level-store.ts";
import { MemoryBlobs } from "../../../src/storage/memory-blobs.ts";

/** Looks into the data directory of a platform that was stopped, for what no API shows: records of things that are gone. */
export async function verifyNoLeftovers(directory: string): Promise<void> {
  const store = await LevelStore.open({ directory });
  const clock = new SystemClock();
  const ids = randomIds();
  const blobs = new MemoryBlobs({ ids, clock });
  const complaints: string[] = [];
  const assembly = new Assembly({
    store,
    blobs,
    clock,
    ids,
    log: createLog("warn", (_, message) => complaints.push(message)),
    account: "000000000000",
    endpoint: () => "",
    runtime: () => Promise.reject(new Error("no function runs here")),
    packagesDirectory: () => Promise.reject(new Error("no function runs here")),
  });
  try {
    await assembly.start();
    await assembly.kernel.jobs.idle();
    const of = (service: string) => assembly.kernel.context(service, "000000000000", "us-east-1");
    await of("dynamodb").read(verifyTables);
    await of("logs").read(verifyLogs);
    expect(complaints).toEqual([]);
  } finally {
    await assembly.close();
    await store.close();
    await blobs.close();
  }
}

async function verifyTables(snapshot: Snapshot): Promise<void> {
  const present = await Array.fromAsync(snapshot.list(tables));
  expect(new Set(present.map(({ status }) => status)).difference(new Set(["ACTIVE"]))).toEqual(new Set());
  const ofTables = present.map(({ number }) => ({ prefix: [number] }));
  const ofIndexes = present.flatMap((table) =>
    table.indexes.map((index) => ({ prefix: [table.number, index.number] })),
  );
  expect(await count(snapshot, items, ofTables), "items of deleted tables").toBe(await count(snapshot, items));
  expect(await count(snapshot, indexEntries, ofIndexes), "entries of deleted indexes").toBe(
    await count(snapshot, indexEntries),
  );
}

async function count<Row>(
  snapshot: Snapshot,
  collection: Collection<Row>,
  ranges: readonly { readonly prefix: Key }[] = [{ prefix: [] }],
): Promise<number> {
  let counted = 0;
  for (const range of ranges) for await (const _ of snapshot.list(collection, range)) counted++;
  return counted;
}

async function verifyLogs(snapshot: Snapshot): Promise<void> {
  const groups = new Set((await Array.fromAsync(snapshot.list(logGroups))).map(({ id }) => id));
  const streams = await Array.fromAsync(snapshot.list(logStreams));
  for (const { groupId, name } of streams) expect(groups.has(groupId), `stream ${name} of a deleted group`).toBe(true);
  const streamIds = new Set(streams.map(({ id }) => id));
  for await (const { streamId, message } of snapshot.list(logEvents)) {
    expect(streamIds.has(streamId), `event "${message}" of a deleted stream`).toBe(true);
  }
}
