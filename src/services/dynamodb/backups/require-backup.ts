import { BackupInUseException, BackupNotFoundException, ResourceInUseException } from "../../../api/dynamodb/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { backups, tables } from "../state.ts";
import type { BackupRow, TableRow } from "../state.ts";
import { findBackupKey } from "./backup-arn.ts";

/** @throws BackupNotFoundException, or ValidationException when it is no backup's ARN */
export async function requireBackup(snapshot: Snapshot, arn: string, at: ServiceContext): Promise<BackupRow> {
  const key = findBackupKey(arn, at);
  const backup = key && (await snapshot.get(backups, [key.tableName, key.id]));
  if (!backup) throw new BackupNotFoundException({ message: `Backup not found: ${arn}` });
  return backup;
}

/** @throws BackupInUseException while the backup is made */
export function requireAvailable(backup: BackupRow, arn: string): void {
  if (backup.status !== "AVAILABLE") throw new BackupInUseException({ message: `Backup is being created: ${arn}` });
}

/** @throws BackupInUseException while a table is restored from it */
export async function requireNotBeingRestored(snapshot: Snapshot, backup: BackupRow, arn: string): Promise<void> {
  for await (const { restore } of snapshot.list(tables)) {
    if (restore?.inProgress && restore.backup.id === backup.id && restore.backup.tableName === backup.tableName) {
      throw new BackupInUseException({ message: `Backup is being used to restore a table: ${arn}` });
    }
  }
}

/** @throws ResourceInUseException while the table's items are copied to a backup */
export async function requireNotBeingBackedUp(snapshot: Snapshot, table: TableRow): Promise<void> {
  for await (const backup of snapshot.list(backups, { prefix: [table.name] })) {
    if (backup.status === "CREATING" && backup.table.number === table.number) {
      throw new ResourceInUseException({
        message: `Attempt to change a resource which is still in use: Table is being backed up: ${table.name}`,
      });
    }
  }
}
