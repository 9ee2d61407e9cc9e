import type { Snapshot, ListOptions } from "../../../kernel/records.ts";
import { matchCondition } from "../expressions/condition.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { indexEntries, items } from "../state.ts";
import type { IndexRow, TableRow } from "../state.ts";
import type { Item } from "./attribute-value.ts";
import { readUnits, Units } from "./consumed-capacity.ts";
import type { ItemRow } from "./item-row.ts";
import { itemKey, keyOfItem } from "./keys.ts";
import type { Selection } from "./selection.ts";

/** A page ends after the item with which it has read this much. */
const maxPageBytes = 1024 * 1024;

export interface PageRequest {
  readonly table: TableRow;
  /** The index to read; absent for the table itself. */
  readonly index: IndexRow | undefined;
  readonly list: ListOptions;
  /** How many items are looked at, whether they match or not. */
  readonly limit: number | undefined;
  readonly filter: BoundCondition | undefined;
  readonly selection: Selection;
  readonly consistent: boolean | undefined;
}

export interface Page {
  /** Absent when only the count is asked for. */
  readonly items?: Item[];
  readonly count: number;
  readonly scannedCount: number;
  /** Where the next page begins; absent when everything has been read. */
  readonly lastKey?: Item;
  readonly units: Units;
}

/** Reads what one Query or Scan answers. */
export async function readPage(snapshot: Snapshot, request: PageRequest): Promise<Page> {
  const { table, index, filter, selection } = request;
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  const found: Item[] = [];
  const units = new Units();
  let count = 0;
  let scannedCount = 0;
  let bytes = 0;
  let last: ItemRow | undefined;
  for await (const row of snapshot.list(index ? indexEntries : items, request.list)) {
    scannedCount++;
    bytes += row.size;
    if (filter === undefined || matchCondition(filter.condition, row.item, filter.values)) {
      count++;
      if (selection.kind !== "count") {
        const whole = selection.wholeItems
          ? await fetchWhole(snapshot, table, row, units, request.consistent)
          : row.item;
        found.push(selection.project ? selection.project(whole) : whole);
      }
    }
    if (scannedCount >= limit || bytes >= maxPageBytes) {
      last = row;
      break;
    }
  }
  const read = readUnits(bytes, request.consistent);
  if (index) units.addToIndex(index, read);
  else units.addToTable(read);
  return {
    ...(selection.kind !== "count" && { items: found }),
    count,
    scannedCount,
    ...(last && { lastKey: keyOfItem(table, last.item, index) }),
    units,
  };
}

/** A local index reads from the table what it does not hold itself. */
async function fetchWhole(
  snapshot: Snapshot,
  table: TableRow,
  entry: ItemRow,
  units: Units,
  consistent: boolean | undefined,
): Promise<Item> {
  const row = (await snapshot.get(items, itemKey(table, entry.item)))!;
  units.addToTable(readUnits(row.size, consistent));
  return row.item;
}
