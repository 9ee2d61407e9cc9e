import type { DynamoDBApi } from "../../../../api/dynamodb/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeBackupRow } from "../../backups/describe-backup-row.ts";
import { requireAvailable, requireBackup, requireNotBeingRestored } from "../../backups/require-backup.ts";
import { deleteBackupItems } from "../../jobs/delete-backup-items.ts";
import { backups } from "../../state.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html */
export const deleteBackup: Handler<DynamoDBApi["DeleteBackup"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const backup = await requireBackup(tx, input.BackupArn, ctx);
    requireAvailable(backup, input.BackupArn);
    await requireNotBeingRestored(tx, backup, input.BackupArn);
    const { tableName, id } = backup;
    const { partition, sort } = backup.table;
    tx.delete(backups, [tableName, id]);
    tx.schedule(deleteBackupItems, { tableName, id, keySchema: { partition, ...(sort && { sort }) } });
    return { BackupDescription: describeBackupRow(backup, ctx, "DELETED") };
  });
