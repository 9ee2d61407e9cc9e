import type {
  BackupDescription,
  BackupDetails,
  BackupStatus,
  BackupSummary,
  ProvisionedThroughput,
  SourceTableDetails,
  SourceTableFeatureDetails,
} from "../../../api/dynamodb/types.ts";
import type { BackupRow, TableRow, ThroughputRow } from "../state.ts";
import { describeKeySchema, describeProjection } from "../tables/describe-table-row.ts";
import { tableArn } from "../tables/table-name.ts";
import { backupArn } from "./backup-arn.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

export function backupDetails(backup: BackupRow, at: Place, status: BackupStatus = backup.status): BackupDetails {
  return {
    BackupArn: backupArn(at, backup),
    BackupName: backup.name,
    BackupSizeBytes: backup.sizeBytes,
    BackupStatus: status,
    BackupType: "USER",
    BackupCreationDateTime: new Date(backup.createdAt),
  };
}

export function backupSummary(backup: BackupRow, at: Place): BackupSummary {
  return {
    ...backupDetails(backup, at),
    TableName: backup.tableName,
    TableId: backup.table.id,
    TableArn: tableArn(at, backup.tableName),
  };
}

/** A backup as DescribeBackup and DeleteBackup answer it. */
export function describeBackupRow(backup: BackupRow, at: Place, status?: BackupStatus): BackupDescription {
  return {
    BackupDetails: backupDetails(backup, at, status),
    SourceTableDetails: sourceDetails(backup, at),
    SourceTableFeatureDetails: sourceFeatures(backup.table),
  };
}

function sourceDetails({ table, sizeBytes, itemCount }: BackupRow, at: Place): SourceTableDetails {
  return {
    TableName: table.name,
    TableId: table.id,
    TableArn: tableArn(at, table.name),
    TableSizeBytes: sizeBytes,
    KeySchema: describeKeySchema(table),
    TableCreationDateTime: new Date(table.createdAt),
    ProvisionedThroughput: throughputOf(table.provisionedThroughput),
    ...(table.onDemandThroughput && { OnDemandThroughput: table.onDemandThroughput }),
    ItemCount: itemCount,
    BillingMode: table.billingMode,
  };
}

function sourceFeatures(table: TableRow): SourceTableFeatureDetails {
  const common = (index: TableRow["indexes"][number]) => ({
    IndexName: index.name,
    KeySchema: describeKeySchema(index),
    Projection: describeProjection(index),
  });
  const local = table.indexes.filter((index) => index.kind === "local");
  const global = table.indexes.filter((index) => index.kind === "global");
  return {
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(common) }),
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((index) => ({
        ...common(index),
        ProvisionedThroughput: throughputOf(index.provisionedThroughput!),
        ...(index.onDemandThroughput && { OnDemandThroughput: index.onDemandThroughput }),
      })),
    }),
    ...(table.stream?.enabled && {
      StreamDescription: { StreamEnabled: true, StreamViewType: table.stream.viewType },
    }),
    TimeToLiveDescription: table.timeToLive
      ? { TimeToLiveStatus: "ENABLED", AttributeName: table.timeToLive.attribute }
      : { TimeToLiveStatus: "DISABLED" },
    ...(table.sse?.Enabled && { SSEDescription: { Status: "ENABLED", SSEType: "KMS" } }),
  };
}

function throughputOf({ ReadCapacityUnits, WriteCapacityUnits }: ThroughputRow): ProvisionedThroughput {
  return { ReadCapacityUnits, WriteCapacityUnits };
}
