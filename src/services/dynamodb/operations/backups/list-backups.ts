import type { BackupSummary, DynamoDBApi } from "../../../../api/dynamodb/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { backupArn, findBackupKey } from "../../backups/backup-arn.ts";
import { backupSummary } from "../../backups/describe-backup-row.ts";
import { backups } from "../../state.ts";
import { findTableName } from "../../tables/table-name.ts";

const maxBackups = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html */
export const listBackups: Handler<DynamoDBApi["ListBackups"]> = async (input, ctx) => {
  const limit = input.Limit ?? maxBackups;
  const start = input.ExclusiveStartBackupArn;
  const key = start === undefined ? undefined : findBackupKey(start, ctx);
  const tableName = input.TableName === undefined ? undefined : findTableName(input.TableName, ctx);
  const lower = input.TimeRangeLowerBound?.getTime() ?? Number.NEGATIVE_INFINITY;
  const upper = input.TimeRangeUpperBound?.getTime() ?? Number.POSITIVE_INFINITY;
  const { BackupType: type = "USER" } = input;
  // Nobody but users makes backups yet; those of tables elsewhere are elsewhere.
  if ((type !== "USER" && type !== "ALL") || (input.TableName !== undefined && tableName === undefined)) {
    return { BackupSummaries: [] };
  }
  return ctx.read(async (snapshot) => {
    const found: BackupSummary[] = [];
    const prefix = tableName === undefined ? [] : [tableName];
    const after = key && { after: [key.tableName, key.id] };
    let last: string | undefined;
    for await (const backup of snapshot.list(backups, { prefix, ...after })) {
      if (backup.createdAt < lower || backup.createdAt >= upper) continue;
      if (found.length === limit) return { BackupSummaries: found, LastEvaluatedBackupArn: last };
      found.push(backupSummary(backup, ctx));
      last = backupArn(ctx, backup);
    }
    return { BackupSummaries: found };
  });
};
