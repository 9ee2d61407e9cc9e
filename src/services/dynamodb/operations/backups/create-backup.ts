import { TableInUseException, TableNotFoundException } from "../../../../api/dynamodb/errors.ts";
import type { DynamoDBApi } from "../../../../api/dynamodb/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { backupId } from "../../backups/backup-arn.ts";
import { backupDetails } from "../../backups/describe-backup-row.ts";
import { fillBackup } from "../../jobs/fill-backup.ts";
import { backups, tables } from "../../state.ts";
import type { BackupRow } from "../../state.ts";
import { findTableName } from "../../tables/table-name.ts";

/**
 * Holds what the table held within moments of the call; on AWS within a minute.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
 */
export const createBackup: Handler<DynamoDBApi["CreateBackup"]> = async (input, ctx) => {
  const tableName = findTableName(input.TableName, ctx);
  const chance = ctx.ids.hex(8);
  return ctx.write(async (tx) => {
    const table = tableName === undefined ? undefined : await tx.get(tables, [tableName]);
    if (!table) throw new TableNotFoundException({ message: `Table not found: ${tableName ?? input.TableName}` });
    if (table.status === "CREATING" || table.status === "DELETING") {
      throw new TableInUseException({ message: `Table is being ${table.status.toLowerCase()}: ${table.name}` });
    }
    const backup: BackupRow = {
      tableName: table.name,
      id: backupId(tx.now, chance),
      name: input.BackupName,
      status: "CREATING",
      createdAt: tx.now,
      table,
      itemCount: 0,
      sizeBytes: 0,
    };
    tx.put(backups, backup);
    tx.schedule(fillBackup, { tableName: table.name, id: backup.id });
    return { BackupDetails: backupDetails(backup, ctx) };
  });
};
