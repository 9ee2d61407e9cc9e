import type { BillingMode, RestoreTableFromBackupInput } from "../../../api/dynamodb/types.ts";
import type { EpochMs } from "../../../base/clock.ts";
import { keyAttributes } from "../items/keys.ts";
import { invalidParameter } from "../refusals.ts";
import type { BackupRow, IndexRow, KeySchemaRow, TableRow } from "../state.ts";
import { readIndexes } from "../tables/read-indexes.ts";
import { firstThroughput, readOnDemandThroughput, requireThroughput } from "../tables/throughput.ts";

type Identity = Pick<TableRow, "name" | "id" | "number">;

/**
 * The table that a backup becomes. What AWS does not restore is left out: tags, stream, time to live, deletion protection.
 * @throws ValidationException for overrides that do not fit
 */
export function restoredTable(
  { table, ...backup }: BackupRow,
  input: RestoreTableFromBackupInput,
  identity: Identity,
  now: EpochMs,
): TableRow {
  const billingMode = input.BillingModeOverride ?? table.billingMode;
  const switched = billingMode !== table.billingMode;
  const wanted = input.ProvisionedThroughputOverride;
  if (switched || wanted) requireThroughput(billingMode, wanted);
  const onDemand =
    readOnDemandThroughput(input.OnDemandThroughputOverride, billingMode) ??
    (switched ? undefined : table.onDemandThroughput);
  const indexes = restoredIndexes(table, input, billingMode).map((index, at) => ({ ...index, number: at + 1 }));
  const used = new Set([table, ...indexes].flatMap((schema) => keyAttributes(schema).map(({ name }) => name)));
  const { ReadCapacityUnits, WriteCapacityUnits } = table.provisionedThroughput;
  const sse = input.SSESpecificationOverride ?? table.sse;
  return {
    ...identity,
    partition: table.partition,
    ...(table.sort && { sort: table.sort }),
    status: "CREATING",
    createdAt: now,
    attributeDefinitions: table.attributeDefinitions.filter((each) => used.has(each.AttributeName)),
    indexes,
    billingMode,
    billingModeNamed: table.billingModeNamed || input.BillingModeOverride !== undefined,
    ...(billingMode === "PAY_PER_REQUEST" && { onDemandSince: now }),
    provisionedThroughput: firstThroughput(
      wanted ?? (switched ? undefined : { ReadCapacityUnits, WriteCapacityUnits }),
    ),
    ...(onDemand && { onDemandThroughput: onDemand }),
    ...(table.tableClass && { tableClass: table.tableClass }),
    deletionProtection: false,
    ...(sse && { sse }),
    tags: {},
    restore: { backup: { tableName: backup.tableName, id: backup.id }, restoredAt: now, inProgress: true },
  };
}

/** All indexes of the backup, or of each kind those that an override names. */
function restoredIndexes(table: TableRow, input: RestoreTableFromBackupInput, mode: BillingMode): IndexRow[] {
  // An index that was being taken away when the backup was made is none of it.
  const backedUp = table.indexes
    .filter((index) => index.status !== "DELETING")
    .map(({ status: _done, ...index }) => index);
  const { LocalSecondaryIndexOverride: local, GlobalSecondaryIndexOverride: global } = input;
  const given = readIndexes(
    table,
    table.attributeDefinitions,
    local?.length ? local : undefined,
    global?.length ? global : undefined,
    { mode },
  );
  for (const index of given) {
    const source = backedUp.find((each) => each.name === index.name && each.kind === index.kind);
    if (!source || !isSameIndex(source, index)) {
      throw invalidParameter(`The backup does not have the specified index: ${index.name}`);
    }
  }
  const kept = backedUp.filter((index) => (index.kind === "local" ? local : global) === undefined);
  return [...kept.map((index) => inMode(index, table.billingMode, mode)), ...given];
}

function isSameIndex(a: IndexRow, b: IndexRow): boolean {
  const shape = ({ partition, sort, projectionType, nonKeyAttributes }: IndexRow) =>
    JSON.stringify([keyNames({ partition, ...(sort && { sort }) }), projectionType, nonKeyAttributes?.toSorted()]);
  return shape(a) === shape(b);
}

function keyNames(schema: KeySchemaRow): readonly string[] {
  return keyAttributes(schema).map(({ name }) => name);
}

function inMode(index: IndexRow, before: BillingMode, mode: BillingMode): IndexRow {
  if (index.kind === "local" || before === mode) return index;
  if (mode === "PROVISIONED")
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${index.name}`);
  return { ...index, provisionedThroughput: firstThroughput(undefined) };
}
