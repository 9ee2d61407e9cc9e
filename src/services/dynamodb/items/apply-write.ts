import type { Key, Transaction } from "../../../kernel/records.ts";
import { indexEntries, items } from "../state.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { attributeOf, emptyItem, equalItems } from "./attribute-value.ts";
import type { Item } from "./attribute-value.ts";
import { writeUnits } from "./consumed-capacity.ts";
import type { Units } from "./consumed-capacity.ts";
import { itemRow } from "./item-row.ts";
import type { ItemRow } from "./item-row.ts";
import { entryKey } from "./keys.ts";
import { recordChange } from "../streams/record-change.ts";

/** Whether writes of the table have to know what was there before, even when nobody asks for the cost. */
export function needsBefore(table: TableRow): boolean {
  return table.indexes.length > 0 || (table.stream?.enabled ?? false);
}

/**
 * Puts `after` in the place of `before` (either may be absent), in the table, its indexes and its stream, and counts what
 * that costs. `before` may be left out where `needsBefore` says so, by those who do not ask for the cost.
 */
export function applyWrite(
  tx: Transaction,
  table: TableRow,
  key: Key,
  before: ItemRow | undefined,
  after: ItemRow | undefined,
  units: Units,
  by: "client" | "time-to-live" = "client",
): void {
  if (after) tx.put(items, after);
  else tx.delete(items, key);
  units.addToTable(writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0)));
  for (const index of table.indexes) {
    if (index.status !== "DELETING") applyToIndex(tx, table, index, before?.item, after?.item, units);
  }
  if (table.stream?.enabled) recordChange(tx, table, table.stream, before?.item, after?.item, by);
}

function applyToIndex(
  tx: Transaction,
  table: TableRow,
  index: IndexRow,
  before: Item | undefined,
  after: Item | undefined,
  units: Units,
): void {
  const old = before && entryOf(table, index, before);
  const entry = after && entryOf(table, index, after);
  const samePlace = old !== undefined && entry !== undefined && equalKeys(old.key, entry.key);
  if (samePlace && equalItems(old.item, entry.item)) return;
  if (old && !samePlace) {
    tx.delete(indexEntries, old.key);
    units.addToIndex(index, writeUnits(old.size));
  }
  if (entry) {
    tx.put(indexEntries, entry);
    units.addToIndex(index, writeUnits(Math.max(entry.size, samePlace ? old.size : 0)));
  }
}

/** What an index holds of an item; undefined when the item lacks one of its key attributes. */
export function entryOf(table: TableRow, index: IndexRow, item: Item): ItemRow | undefined {
  const key = entryKey(table, index, item);
  return key && itemRow(key, projectToIndex(index, item));
}

function projectToIndex(index: IndexRow, item: Item): Item {
  if (!index.projected) return item;
  const projected = emptyItem();
  for (const name of index.projected) {
    const value = attributeOf(item, name);
    if (value !== undefined) projected[name] = value;
  }
  return projected;
}

function equalKeys(a: Key, b: Key): boolean {
  if (a.length !== b.length) return false;
  return a.every((part, at) => {
    const other = b[at]!;
    return typeof part === "object" && typeof other === "object" ? Buffer.compare(part, other) === 0 : part === other;
  });
}
