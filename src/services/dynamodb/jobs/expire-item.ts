import { hash } from "node:crypto";
import { job } from "../../../kernel/jobs.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import { applyWrite } from "../items/apply-write.ts";
import type { Item } from "../items/attribute-value.ts";
import { Units } from "../items/consumed-capacity.ts";
import { expiryOf, isTooOld } from "../items/expiry.ts";
import { parsePrintedKey, printKey } from "../items/print-key.ts";
import { items, tables } from "../state.ts";
import type { TableRow } from "../state.ts";

/** Deletes an item whose time has come, unless it was given another meanwhile. */
export const expireItem = job<{ readonly tableName: string; readonly key: string }>({
  name: "expire-item",
  run: async ({ tableName, key: printed }, ctx) => {
    await ctx.complete(async (tx) => {
      const key = parsePrintedKey(printed);
      const table = await tx.get(tables, [tableName]);
      if (!table || table.number !== key[0] || table.status === "DELETING") return;
      const row = await tx.get(items, key);
      const expiresAt = row && expiryOf(table, row.item);
      const now = ctx.clock.now();
      if (expiresAt === undefined || expiresAt > now || isTooOld(expiresAt, now)) return;
      applyWrite(tx, table, key, row, undefined, new Units(), "time-to-live");
    });
  },
});

/** Sees to it that the item under a key is deleted when its time comes, and not at another that it had before. */
export function scheduleExpiry(tx: Transaction, table: TableRow, key: Key, item: Item | undefined): void {
  const printed = printKey(key);
  const id = hash("sha256", printed, "base64");
  const expiresAt = item && expiryOf(table, item);
  if (expiresAt === undefined) tx.unschedule(expireItem, id);
  else tx.schedule(expireItem, { tableName: table.name, key: printed }, { at: expiresAt, id });
}
