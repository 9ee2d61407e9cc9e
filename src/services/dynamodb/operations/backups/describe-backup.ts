import type { DynamoDBApi } from "../../../../api/dynamodb/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeBackupRow } from "../../backups/describe-backup-row.ts";
import { requireBackup } from "../../backups/require-backup.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html */
export const describeBackup: Handler<DynamoDBApi["DescribeBackup"]> = async (input, ctx) => {
  const backup = await ctx.read((snapshot) => requireBackup(snapshot, input.BackupArn, ctx));
  return { BackupDescription: describeBackupRow(backup, ctx) };
};
