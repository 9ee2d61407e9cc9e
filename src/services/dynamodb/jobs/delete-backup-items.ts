import type { ServiceContext } from "../../../kernel/context.ts";
import { job } from "../../../kernel/jobs.ts";
import { itemKey } from "../items/keys.ts";
import { backupItems } from "../state.ts";
import type { BackupKey, KeySchemaRow } from "../state.ts";

/** So many items go in one commit. */
const chunkItems = 500;

interface Payload extends BackupKey {
  readonly keySchema: KeySchemaRow;
}

/** Deletes the items of a backup that was deleted, chunk by chunk. */
export const deleteBackupItems = job<Payload>({
  name: "delete-backup-items",
  run: (payload, ctx) => clearBackup(ctx, payload, payload.keySchema),
});

export async function clearBackup(
  ctx: ServiceContext,
  { tableName, id }: BackupKey,
  { partition, sort }: KeySchemaRow,
): Promise<void> {
  const schema = { number: 0, partition, ...(sort && { sort }) };
  let deleted: number;
  do {
    ctx.signal.throwIfAborted();
    deleted = await ctx.write(async (tx) => {
      let count = 0;
      for await (const { item } of tx.list(backupItems, { prefix: [tableName, id] })) {
        tx.delete(backupItems, [tableName, id, ...itemKey(schema, item).slice(1)]);
        if (++count === chunkItems) break;
      }
      return count;
    });
  } while (deleted === chunkItems);
}
