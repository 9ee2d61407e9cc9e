import { TableAlreadyExistsException } from "../../../../api/dynamodb/errors.ts";
import type { DynamoDBApi } from "../../../../api/dynamodb/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireAvailable, requireBackup } from "../../backups/require-backup.ts";
import { restoredTable } from "../../backups/restored-table.ts";
import { restoreTable } from "../../jobs/restore-table.ts";
import { tableNumbers, tables } from "../../state.ts";
import { describeTableRow } from "../../tables/describe-table-row.ts";
import { emptyMeasure } from "../../tables/measure-table.ts";
import { requireTableName } from "../../tables/table-name.ts";
import { refuseCustomerKey } from "../create-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html */
export const restoreTableFromBackup: Handler<DynamoDBApi["RestoreTableFromBackup"]> = async (input, ctx) => {
  const name = requireTableName(input.TargetTableName, 3);
  refuseCustomerKey(input.SSESpecificationOverride);
  const id = ctx.ids.uuid();
  return ctx.write(async (tx) => {
    const backup = await requireBackup(tx, input.BackupArn, ctx);
    requireAvailable(backup, input.BackupArn);
    if (await tx.get(tables, [name])) {
      throw new TableAlreadyExistsException({ message: `Table already exists: ${name}` });
    }
    const number = ((await tx.get(tableNumbers, []))?.latest ?? 0) + 1;
    tx.put(tableNumbers, { latest: number });
    const table = restoredTable(backup, input, { name, id, number }, tx.now);
    tx.put(tables, table);
    tx.schedule(restoreTable, { tableName: name, table: number, backup: table.restore!.backup });
    return { TableDescription: describeTableRow(table, ctx, emptyMeasure) };
  });
};
