import type { EpochMs } from "../../../base/clock.ts";
import type { DynamoDBApi, ProvisionedThroughput, UpdateTableInput } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { activateTable } from "../jobs/activate-table.ts";
import { invalidParameter, notImplemented, validationException } from "../refusals.ts";
import { tables } from "../state.ts";
import type { IndexRow, TableRow, ThroughputRow } from "../state.ts";
import { describeTableRow } from "../tables/describe-table-row.ts";
import { findMeasure } from "../tables/measure-table.ts";
import { requireAtRest, requireTableForControl } from "../tables/require-table.ts";
import { firstThroughput, readOnDemandThroughput, requireInBounds, requireThroughput } from "../tables/throughput.ts";
import { refuseCustomerKey } from "./create-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
export const updateTable: Handler<DynamoDBApi["UpdateTable"]> = async (input, ctx) => {
  refuseUnbuilt(input);
  if (Object.values({ ...input, TableName: undefined }).every((value) => value === undefined)) {
    throw validationException(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    );
  }
  const now = ctx.clock.now();
  return ctx.write(async (tx) => {
    const before = await requireTableForControl(tx, input.TableName!, ctx);
    requireAtRest(before);
    const after: TableRow = { ...change(before, input, now), status: "UPDATING" };
    tx.put(tables, after);
    tx.schedule(activateTable, { tableName: after.name, table: after.number });
    const { measure } = await findMeasure(tx, after, now);
    return { TableDescription: describeTableRow(after, ctx, measure) };
  });
};

function refuseUnbuilt(input: UpdateTableInput): void {
  if (input.StreamSpecification?.StreamEnabled) throw notImplemented("DynamoDB Streams (StreamSpecification)");
  if (input.StreamSpecification) throw invalidParameter("Table does not have a stream to disable");
  if (input.ReplicaUpdates || input.MultiRegionConsistency || input.GlobalTableWitnessUpdates) {
    throw notImplemented("DynamoDB global tables (ReplicaUpdates, MultiRegionConsistency, GlobalTableWitnessUpdates)");
  }
  if (input.GlobalTableSettingsReplicationMode !== undefined) {
    throw notImplemented("DynamoDB global tables (GlobalTableSettingsReplicationMode)");
  }
  for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
    if (update.Create || update.Delete) {
      throw notImplemented(
        "adding and removing global secondary indexes of an existing table (GlobalSecondaryIndexUpdates); give them in CreateTable",
      );
    }
  }
  refuseCustomerKey(input.SSESpecification);
}

function change(table: TableRow, input: UpdateTableInput, now: EpochMs): TableRow {
  const billingMode = input.BillingMode ?? table.billingMode;
  const switched = billingMode !== table.billingMode;
  if (switched || input.ProvisionedThroughput) requireThroughput(billingMode, input.ProvisionedThroughput);
  const onDemandThroughput =
    readOnDemandThroughput(input.OnDemandThroughput, billingMode) ?? (switched ? undefined : table.onDemandThroughput);
  const { onDemandThroughput: _before, ...rest } = table;
  return {
    ...rest,
    billingMode,
    billingModeNamed: table.billingModeNamed || input.BillingMode !== undefined,
    ...(switched && billingMode === "PAY_PER_REQUEST" && { onDemandSince: now }),
    provisionedThroughput: changeThroughput(table, input, switched, now),
    indexes: changeIndexes(table, input, switched, billingMode === "PAY_PER_REQUEST", now),
    ...(onDemandThroughput && { onDemandThroughput }),
    ...(input.WarmThroughput && { warmThroughput: { ...table.warmThroughput, ...input.WarmThroughput } }),
    ...(input.TableClass && { tableClass: input.TableClass, tableClassChangedAt: now }),
    deletionProtection: input.DeletionProtectionEnabled ?? table.deletionProtection,
    ...(input.SSESpecification && { sse: input.SSESpecification }),
    ...(input.AttributeDefinitions && {
      attributeDefinitions: requireSameDefinitions(table, input.AttributeDefinitions),
    }),
  };
}

function requireSameDefinitions(
  table: TableRow,
  definitions: NonNullable<UpdateTableInput["AttributeDefinitions"]>,
): TableRow["attributeDefinitions"] {
  for (const { AttributeName: name, AttributeType: type } of definitions) {
    const defined = table.attributeDefinitions.find((definition) => definition.AttributeName === name);
    if (defined?.AttributeType !== type) {
      throw invalidParameter(
        `Some AttributeDefinitions are not used. AttributeDefinitions: [${definitions.map((each) => each.AttributeName).join(", ")}], keys used: [${table.attributeDefinitions.map((each) => each.AttributeName).join(", ")}]`,
      );
    }
  }
  return table.attributeDefinitions;
}

function changeThroughput(table: TableRow, input: UpdateTableInput, switched: boolean, now: EpochMs): ThroughputRow {
  const { provisionedThroughput: before } = table;
  const wanted = input.ProvisionedThroughput;
  if (!wanted) return switched ? firstThroughput(undefined) : before;
  if (!switched) requireDifferent(before, wanted, `The provisioned throughput for the table will not change.`);
  return throughputAfter(before, wanted, now);
}

function requireDifferent(before: ThroughputRow, wanted: ProvisionedThroughput, fault: string): void {
  const same =
    before.ReadCapacityUnits === wanted.ReadCapacityUnits && before.WriteCapacityUnits === wanted.WriteCapacityUnits;
  if (!same) return;
  throw validationException(
    `${fault} The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${before.ReadCapacityUnits}. Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: ${before.WriteCapacityUnits}. Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

function throughputAfter(before: ThroughputRow, wanted: ProvisionedThroughput, now: EpochMs): ThroughputRow {
  const increased =
    wanted.ReadCapacityUnits! > before.ReadCapacityUnits! || wanted.WriteCapacityUnits! > before.WriteCapacityUnits!;
  const decreased =
    wanted.ReadCapacityUnits! < before.ReadCapacityUnits! || wanted.WriteCapacityUnits! < before.WriteCapacityUnits!;
  const sameDay = before.lastDecreaseAt !== undefined && dayOf(before.lastDecreaseAt) === dayOf(now);
  return {
    ...before,
    ReadCapacityUnits: wanted.ReadCapacityUnits!,
    WriteCapacityUnits: wanted.WriteCapacityUnits!,
    ...(increased && { lastIncreaseAt: now }),
    ...(decreased && { lastDecreaseAt: now, decreasesToday: (sameDay ? before.decreasesToday : 0) + 1 }),
  };
}

function dayOf(time: EpochMs): number {
  return Math.floor(time / 86_400_000);
}

function changeIndexes(
  table: TableRow,
  input: UpdateTableInput,
  switched: boolean,
  onDemand: boolean,
  now: EpochMs,
): readonly IndexRow[] {
  const updates = new Map(
    (input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update: update }) =>
      update ? [[update.IndexName!, update] as const] : [],
    ),
  );
  for (const name of updates.keys()) {
    if (!table.indexes.some((index) => index.name === name && index.kind === "global")) {
      throw validationException(`The table does not have the specified index: ${name}`);
    }
  }
  return table.indexes.map((index): IndexRow => {
    if (index.kind === "local") return index;
    const update = updates.get(index.name);
    const wanted = update?.ProvisionedThroughput;
    if (wanted && onDemand) {
      throw invalidParameter(
        `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
      );
    }
    if (switched && !onDemand && !wanted) {
      throw invalidParameter(`ProvisionedThroughput must be specified for index: ${index.name}`);
    }
    if (wanted) requireInBounds(wanted);
    const before = index.provisionedThroughput!;
    if (wanted && !switched) {
      requireDifferent(before, wanted, `The provisioned throughput for the index ${index.name} will not change.`);
    }
    return {
      ...index,
      provisionedThroughput: wanted
        ? throughputAfter(before, wanted, now)
        : switched
          ? firstThroughput(undefined)
          : before,
      ...(update?.OnDemandThroughput && { onDemandThroughput: update.OnDemandThroughput }),
      ...(update?.WarmThroughput && { warmThroughput: { ...index.warmThroughput, ...update.WarmThroughput } }),
    };
  });
}
