import { parseArn } from "../../../base/arn.ts";
import { validationException } from "../refusals.ts";
import type { BackupKey } from "../state.ts";
import { tableArn } from "../tables/table-name.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

const resourceForm = /^table\/([a-zA-Z0-9_.-]{1,255})\/backup\/([0-9]{14}-[0-9a-f]{8})$/;

export function backupArn(at: Place, { tableName, id }: BackupKey): string {
  return `${tableArn(at, tableName)}/backup/${id}`;
}

/** The last part of an ARN: the time, so that backups of a table are in its order, and chance. */
export function backupId(createdAt: number, chance: string): string {
  return `${String(createdAt).padStart(14, "0")}-${chance}`;
}

/**
 * What a backup's ARN names; undefined when it is that of another account or region.
 * @throws ValidationException when it is no backup's ARN
 */
export function findBackupKey(arn: string, at: Place): BackupKey | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === "dynamodb" ? resourceForm.exec(parsed.resource) : undefined;
  if (!parsed || !match) throw validationException(`Invalid BackupArn: ${arn}`);
  if (parsed.account !== at.account || parsed.region !== at.region) return undefined;
  return { tableName: match[1]!, id: match[2]! };
}
