import { job } from "../../../kernel/jobs.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Item } from "../items/attribute-value.ts";
import { entryKey, itemKey } from "../items/keys.ts";
import { scheduleExpiry } from "./expire-item.ts";
import { indexEntries, items, measures, tables } from "../state.ts";
import type { TableRow } from "../state.ts";

/** So many items go in one commit: few enough not to hold up others. */
const chunkItems = 500;

/** Ends the deletion of a table: its items and index entries go chunk by chunk, then the table itself. */
export const deleteTableItems = job<{ readonly tableName: string; readonly table: number }>({
  name: "delete-table-items",
  run: async ({ tableName, table: number }, ctx) => {
    for (;;) {
      ctx.signal.throwIfAborted();
      const done = await ctx.write(async (tx) => {
        const table = await tx.get(tables, [tableName]);
        if (table?.number !== number) return true;
        const chunk = await firstItems(tx, table);
        for (const item of chunk) {
          const place = itemKey(table, item);
          tx.delete(items, place);
          if (table.timeToLive) scheduleExpiry(tx, table, place, undefined);
          for (const index of table.indexes) {
            const key = entryKey(table, index, item);
            if (key) tx.delete(indexEntries, key);
          }
        }
        return chunk.length < chunkItems;
      });
      if (done) break;
    }
    await ctx.complete(async (tx) => {
      const table = await tx.get(tables, [tableName]);
      if (table?.number !== number) return;
      tx.delete(tables, [tableName]);
      tx.delete(measures, [number]);
    });
  },
});

async function firstItems(snapshot: Snapshot, table: TableRow): Promise<Item[]> {
  const chunk: Item[] = [];
  for await (const row of snapshot.list(items, { prefix: [table.number] })) {
    chunk.push(row.item);
    if (chunk.length === chunkItems) break;
  }
  return chunk;
}
