import { job } from "../../../kernel/jobs.ts";
import type { JobContext } from "../../../kernel/jobs.ts";
import { itemRow } from "../items/item-row.ts";
import type { ItemRow } from "../items/item-row.ts";
import { itemKey } from "../items/keys.ts";
import { backupItems, backups, items } from "../state.ts";
import type { BackupKey, TableRow } from "../state.ts";
import { clearBackup } from "./delete-backup-items.ts";

/** So many items go in one commit. */
const chunkItems = 200;

/** Copies a table to a backup from one snapshot, while the table is written on. Started again it begins anew. */
export const fillBackup = job<BackupKey>({
  name: "fill-backup",
  retry: { attempts: Number.MAX_SAFE_INTEGER },
  run: async (key, ctx) => {
    const found = await ctx.read((snapshot) => snapshot.get(backups, [key.tableName, key.id]));
    if (!found) return;
    if (ctx.attempt > 1) await clearBackup(ctx, key, found.table);
    const measure = await copyTable(ctx, key, found.table);
    await ctx.complete(async (tx) => {
      const backup = await tx.get(backups, [key.tableName, key.id]);
      const available = { ...measure, status: "AVAILABLE" } as const;
      if (backup) tx.put(backups, { ...backup, ...available });
    });
  },
});

function copyTable(ctx: JobContext, { tableName, id }: BackupKey, table: TableRow) {
  return ctx.read(async (snapshot) => {
    let itemCount = 0;
    let sizeBytes = 0;
    let chunk: ItemRow[] = [];
    const flush = async () => {
      const rows = chunk;
      chunk = [];
      ctx.signal.throwIfAborted();
      await ctx.write(async (tx) => {
        for (const row of rows) tx.put(backupItems, row);
      });
    };
    for await (const { item, size } of snapshot.list(items, { prefix: [table.number] })) {
      chunk.push(itemRow([tableName, id, ...itemKey(table, item).slice(1)], item, size));
      itemCount++;
      sizeBytes += size;
      if (chunk.length === chunkItems) await flush();
    }
    if (chunk.length > 0) await flush();
    return { itemCount, sizeBytes };
  });
}
