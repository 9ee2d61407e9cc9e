import { job } from "../../../kernel/jobs.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import { entryOf } from "../items/apply-write.ts";
import { itemRow } from "../items/item-row.ts";
import { itemKey } from "../items/keys.ts";
import { backupItems, indexEntries, items, tables } from "../state.ts";
import type { BackupKey, TableRow } from "../state.ts";

/** So many items go in one commit. */
const chunkItems = 200;

/** Fills a table from a backup, with its indexes. Nobody writes to it meanwhile, so what is done twice is the same. */
export const restoreTable = job<{ readonly tableName: string; readonly table: number; readonly backup: BackupKey }>({
  name: "restore-table",
  retry: { attempts: Number.MAX_SAFE_INTEGER },
  run: async ({ tableName, table: number, backup }, ctx) => {
    const table = await ctx.read((snapshot) => snapshot.get(tables, [tableName]));
    if (table?.number !== number) return;
    let after: Key | undefined;
    do {
      ctx.signal.throwIfAborted();
      const from = after;
      after = await ctx.write((tx) => restoreChunk(tx, table, backup, from));
    } while (after);
    await ctx.complete(async (tx) => {
      const row = await tx.get(tables, [tableName]);
      if (row?.number !== number || !row.restore) return;
      tx.put(tables, { ...row, status: "ACTIVE", restore: { ...row.restore, inProgress: false } });
    });
  },
});

/** Answers where the next chunk begins; undefined after the last. */
async function restoreChunk(
  tx: Transaction,
  table: TableRow,
  { tableName, id }: BackupKey,
  after: Key | undefined,
): Promise<Key | undefined> {
  let count = 0;
  for await (const { item, size } of tx.list(backupItems, { prefix: [tableName, id], ...(after && { after }) })) {
    const key = itemKey(table, item);
    tx.put(items, itemRow(key, item, size));
    for (const index of table.indexes) {
      const entry = entryOf(table, index, item);
      if (entry) tx.put(indexEntries, entry);
    }
    if (++count === chunkItems) return [tableName, id, ...key.slice(1)];
  }
  return undefined;
}
