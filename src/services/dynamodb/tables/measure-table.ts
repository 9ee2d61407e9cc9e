import type { EpochMs } from "../../../base/clock.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { byName } from "../items/by-name.ts";
import { indexEntries, items, measures } from "../state.ts";
import type { TableRow } from "../state.ts";

export interface Measure {
  readonly itemCount: number;
  readonly sizeBytes: number;
}

export interface TableMeasure extends Measure {
  readonly indexes: Readonly<Record<string, Measure>>;
}

export const emptyMeasure: TableMeasure = { itemCount: 0, sizeBytes: 0, indexes: {} };

/** Tables of up to this many items are counted whenever they are described. */
const countedAtOnce = 1_000;

/** AWS brings ItemCount and TableSizeBytes up to date about every six hours. */
export const measureIntervalMs = 6 * 60 * 60 * 1000;

/**
 * Count and size of a table. A small table is counted at once; of a larger one the latest count is told, as on AWS, and
 * `stale` says that it is time for a new one.
 */
export async function findMeasure(
  snapshot: Snapshot,
  table: TableRow,
  now: EpochMs,
): Promise<{ readonly measure: TableMeasure; readonly stale: boolean }> {
  const counted = await countTable(snapshot, table, countedAtOnce);
  if (counted) return { measure: counted, stale: false };
  const latest = await snapshot.get(measures, [table.number]);
  if (!latest) return { measure: emptyMeasure, stale: true };
  return { measure: latest, stale: now - latest.measuredAt >= measureIntervalMs };
}

/** Counts a table and its indexes; undefined when one of them holds more than `limit` items. */
export async function countTable(
  snapshot: Snapshot,
  table: TableRow,
  limit: number,
): Promise<TableMeasure | undefined> {
  const whole = await count(snapshot, items, [table.number], limit);
  if (!whole) return undefined;
  const indexes = byName<Measure>();
  for (const index of table.indexes) {
    const part = await count(snapshot, indexEntries, [table.number, index.number], limit);
    if (!part) return undefined;
    indexes[index.name] = part;
  }
  return { ...whole, indexes };
}

async function count(
  snapshot: Snapshot,
  from: typeof items,
  prefix: readonly number[],
  limit: number,
): Promise<Measure | undefined> {
  let itemCount = 0;
  let sizeBytes = 0;
  for await (const { size } of snapshot.list(from, { prefix })) {
    if (++itemCount > limit) return undefined;
    sizeBytes += size;
  }
  return { itemCount, sizeBytes };
}
