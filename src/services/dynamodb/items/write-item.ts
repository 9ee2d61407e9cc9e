import type { Key, Transaction } from "../../../kernel/records.ts";
import { scheduleExpiry } from "../jobs/expire-item.ts";
import type { TableRow } from "../state.ts";
import { applyWrite } from "./apply-write.ts";
import type { Units } from "./consumed-capacity.ts";
import type { ItemRow } from "./item-row.ts";

/** Puts `after` in the place of `before`, as `applyWrite` does, and follows the item's time to live. */
export function writeItem(
  tx: Transaction,
  table: TableRow,
  key: Key,
  before: ItemRow | undefined,
  after: ItemRow | undefined,
  units: Units,
): void {
  applyWrite(tx, table, key, before, after, units);
  if (table.timeToLive) scheduleExpiry(tx, table, key, after?.item);
}
