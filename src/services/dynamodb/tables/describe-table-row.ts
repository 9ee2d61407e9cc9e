import type {
  GlobalSecondaryIndexDescription,
  IndexStatus,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughputDescription,
  TableDescription,
} from "../../../api/dynamodb/types.ts";
import type { IndexRow, KeySchemaRow, TableRow, ThroughputRow } from "../state.ts";
import type { TableMeasure } from "./measure-table.ts";
import { backupArn } from "../backups/backup-arn.ts";
import { streamArn } from "../streams/stream-arn.ts";
import { tableArn } from "./table-name.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** What a new table in on-demand mode serves from the start. */
const onDemandWarmth = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

/** A table as CreateTable, DescribeTable, UpdateTable and DeleteTable answer it. */
export function describeTableRow(table: TableRow, at: Place, measure: TableMeasure): TableDescription {
  const arn = tableArn(at, table.name);
  const local = table.indexes.filter((index) => index.kind === "local");
  const global = table.indexes.filter((index) => index.kind === "global");
  return {
    AttributeDefinitions: [...table.attributeDefinitions],
    TableName: table.name,
    KeySchema: describeKeySchema(table),
    TableStatus: table.status,
    CreationDateTime: new Date(table.createdAt),
    ProvisionedThroughput: describeThroughput(table.provisionedThroughput),
    TableSizeBytes: measure.sizeBytes,
    ItemCount: measure.itemCount,
    TableArn: arn,
    TableId: table.id,
    ...(table.billingModeNamed && {
      BillingModeSummary: {
        BillingMode: table.billingMode,
        ...(table.onDemandSince !== undefined && {
          LastUpdateToPayPerRequestDateTime: new Date(table.onDemandSince),
        }),
      },
    }),
    ...(local.length > 0 && {
      LocalSecondaryIndexes: local.map((index) => describeLocalIndex(index, arn, measure)),
    }),
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((index) => describeGlobalIndex(table, index, arn, measure)),
    }),
    ...(table.stream?.enabled && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType },
    }),
    // These stay when the stream is disabled.
    ...(table.stream && {
      LatestStreamLabel: table.stream.label,
      LatestStreamArn: streamArn(at, table.name, table.stream.label),
    }),
    ...(table.restore && {
      RestoreSummary: {
        SourceBackupArn: backupArn(at, table.restore.backup),
        SourceTableArn: tableArn(at, table.restore.backup.tableName),
        RestoreDateTime: new Date(table.restore.restoredAt),
        RestoreInProgress: table.restore.inProgress,
      },
    }),
    ...(table.sse?.Enabled && { SSEDescription: { Status: "ENABLED", SSEType: "KMS" } }),
    ...(table.tableClass && {
      TableClassSummary: {
        TableClass: table.tableClass,
        ...(table.tableClassChangedAt !== undefined && { LastUpdateDateTime: new Date(table.tableClassChangedAt) }),
      },
    }),
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.onDemandThroughput && { OnDemandThroughput: describeOnDemand(table.onDemandThroughput) }),
    WarmThroughput: { ...warmth(table), Status: "ACTIVE" },
  };
}

export function describeKeySchema(schema: KeySchemaRow): KeySchemaElement[] {
  const elements: KeySchemaElement[] = [{ AttributeName: schema.partition.name, KeyType: "HASH" }];
  if (schema.sort) elements.push({ AttributeName: schema.sort.name, KeyType: "RANGE" });
  return elements;
}

export function describeProjection(index: IndexRow): Projection {
  return {
    ProjectionType: index.projectionType,
    ...(index.nonKeyAttributes && { NonKeyAttributes: [...index.nonKeyAttributes] }),
  };
}

function describeThroughput(row: ThroughputRow): ProvisionedThroughputDescription {
  return {
    ...(row.lastIncreaseAt !== undefined && { LastIncreaseDateTime: new Date(row.lastIncreaseAt) }),
    ...(row.lastDecreaseAt !== undefined && { LastDecreaseDateTime: new Date(row.lastDecreaseAt) }),
    NumberOfDecreasesToday: row.decreasesToday,
    ReadCapacityUnits: row.ReadCapacityUnits,
    WriteCapacityUnits: row.WriteCapacityUnits,
  };
}

/** A maximum that was not given is described as -1, for none. */
function describeOnDemand(throughput: OnDemandThroughput): OnDemandThroughput {
  return {
    MaxReadRequestUnits: throughput.MaxReadRequestUnits ?? -1,
    MaxWriteRequestUnits: throughput.MaxWriteRequestUnits ?? -1,
  };
}

function describeLocalIndex(index: IndexRow, table: string, measure: TableMeasure): LocalSecondaryIndexDescription {
  const { sizeBytes, itemCount } = indexMeasure(index, measure);
  return {
    IndexName: index.name,
    KeySchema: describeKeySchema(index),
    Projection: describeProjection(index),
    IndexSizeBytes: sizeBytes,
    ItemCount: itemCount,
    IndexArn: `${table}/index/${index.name}`,
  };
}

const indexStatuses: Readonly<Record<TableRow["status"], IndexStatus>> = {
  CREATING: "CREATING",
  UPDATING: "ACTIVE",
  ACTIVE: "ACTIVE",
  DELETING: "DELETING",
};

function describeGlobalIndex(
  table: TableRow,
  index: IndexRow,
  arn: string,
  measure: TableMeasure,
): GlobalSecondaryIndexDescription {
  const { sizeBytes, itemCount } = indexMeasure(index, measure);
  return {
    IndexName: index.name,
    KeySchema: describeKeySchema(index),
    Projection: describeProjection(index),
    IndexStatus: index.status ?? indexStatuses[table.status],
    ...(index.status === "CREATING" && { Backfilling: true }),
    ProvisionedThroughput: describeThroughput(index.provisionedThroughput!),
    IndexSizeBytes: sizeBytes,
    ItemCount: itemCount,
    IndexArn: `${arn}/index/${index.name}`,
    ...(index.onDemandThroughput && { OnDemandThroughput: describeOnDemand(index.onDemandThroughput) }),
    WarmThroughput: {
      ...warmth({ ...index, billingMode: table.billingMode, provisionedThroughput: index.provisionedThroughput! }),
      Status: "ACTIVE",
    },
  };
}

function indexMeasure(index: IndexRow, measure: TableMeasure): { sizeBytes: number; itemCount: number } {
  return Object.hasOwn(measure.indexes, index.name) ? measure.indexes[index.name]! : { sizeBytes: 0, itemCount: 0 };
}

function warmth(row: Pick<TableRow, "billingMode" | "provisionedThroughput" | "warmThroughput">): {
  ReadUnitsPerSecond: number;
  WriteUnitsPerSecond: number;
} {
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = row.provisionedThroughput;
  const base =
    row.billingMode === "PAY_PER_REQUEST" ? onDemandWarmth : { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write };
  return {
    ReadUnitsPerSecond: row.warmThroughput?.ReadUnitsPerSecond ?? base.ReadUnitsPerSecond,
    WriteUnitsPerSecond: row.warmThroughput?.WriteUnitsPerSecond ?? base.WriteUnitsPerSecond,
  };
}
