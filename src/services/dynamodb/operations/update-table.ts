import type { EpochMs } from "../../../base/clock.ts";
import type { DynamoDBApi, GlobalSecondaryIndexUpdate, UpdateTableInput } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { keyAttributes } from "../items/keys.ts";
import { activateTable } from "../jobs/activate-table.ts";
import { changeIndexes } from "../jobs/change-indexes.ts";
import { invalidParameter, notImplemented, validationException } from "../refusals.ts";
import { tables } from "../state.ts";
import type { TableRow, ThroughputRow } from "../state.ts";
import { changeStream } from "../streams/change-stream.ts";
import { describeTableRow } from "../tables/describe-table-row.ts";
import { findMeasure } from "../tables/measure-table.ts";
import { requireAtRest, requireTableForControl } from "../tables/require-table.ts";
import {
  firstThroughput,
  readOnDemandThroughput,
  requireDifferent,
  requireThroughput,
  throughputAfter,
} from "../tables/throughput.ts";
import { updateIndexes } from "../tables/update-indexes.ts";
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
  const table = await ctx.write(async (tx) => {
    const before = await requireTableForControl(tx, input.TableName, ctx);
    requireAtRest(before);
    const changed = change(before, input, now);
    const stream = await changeStream(tx, changed, input.StreamSpecification);
    const after: TableRow = { ...changed, ...(stream && { stream }), status: "UPDATING" };
    tx.put(tables, after);
    const indexesChange = after.indexes.some((index) => index.status !== undefined);
    tx.schedule(indexesChange ? changeIndexes : activateTable, { tableName: after.name, table: after.number });
    return after;
  });
  // Counted apart from the change, which would otherwise have to wait for writes of items.
  const { measure } = await ctx.read((snapshot) => findMeasure(snapshot, table, now));
  return { TableDescription: describeTableRow(table, ctx, measure) };
};

function refuseUnbuilt(input: UpdateTableInput): void {
  if (input.ReplicaUpdates || input.MultiRegionConsistency || input.GlobalTableWitnessUpdates) {
    throw notImplemented("DynamoDB global tables (ReplicaUpdates, MultiRegionConsistency, GlobalTableWitnessUpdates)");
  }
  if (input.GlobalTableSettingsReplicationMode !== undefined) {
    throw notImplemented("DynamoDB global tables (GlobalTableSettingsReplicationMode)");
  }
  refuseCustomerKey(input.SSESpecification);
}

function change(table: TableRow, input: UpdateTableInput, now: EpochMs): TableRow {
  const billingMode = input.BillingMode ?? table.billingMode;
  const switched = billingMode !== table.billingMode;
  if (switched || input.ProvisionedThroughput) requireThroughput(billingMode, input.ProvisionedThroughput);
  const indexUpdates = input.GlobalSecondaryIndexUpdates ?? [];
  const attributeDefinitions = mergeDefinitions(table, input.AttributeDefinitions ?? [], indexUpdates);
  const onDemandThroughput =
    readOnDemandThroughput(input.OnDemandThroughput, billingMode) ?? (switched ? undefined : table.onDemandThroughput);
  const { onDemandThroughput: _before, ...rest } = table;
  return {
    ...rest,
    billingMode,
    billingModeNamed: table.billingModeNamed || input.BillingMode !== undefined,
    ...(switched && billingMode === "PAY_PER_REQUEST" && { onDemandSince: now }),
    provisionedThroughput: changeThroughput(table, input, switched, now),
    attributeDefinitions,
    indexes: updateIndexes({ ...table, billingMode }, attributeDefinitions, indexUpdates, switched, now),
    ...(onDemandThroughput && { onDemandThroughput }),
    ...(input.WarmThroughput && { warmThroughput: { ...table.warmThroughput, ...input.WarmThroughput } }),
    ...(input.TableClass && { tableClass: input.TableClass, tableClassChangedAt: now }),
    deletionProtection: input.DeletionProtectionEnabled ?? table.deletionProtection,
    ...(input.SSESpecification && { sse: input.SSESpecification }),
  };
}

/** Definitions of new attributes join those of old ones. */
function mergeDefinitions(
  table: TableRow,
  given: NonNullable<UpdateTableInput["AttributeDefinitions"]>,
  indexes: GlobalSecondaryIndexUpdate[],
): TableRow["attributeDefinitions"] {
  const merged = [...table.attributeDefinitions];
  for (const definition of given) {
    const known = merged.find((each) => each.AttributeName === definition.AttributeName);
    if (!known) merged.push(definition);
    else if (known.AttributeType !== definition.AttributeType) {
      throw invalidParameter(
        `Table KeySchema and AttributeDefinitions do not agree on the type of attribute ${definition.AttributeName}`,
      );
    }
  }
  const keys = new Set([
    ...[table, ...table.indexes].flatMap((schema) => keyAttributes(schema).map(({ name }) => name)),
    ...indexes.flatMap((update) => update.Create?.KeySchema?.map((element) => element.AttributeName) ?? []),
  ]);
  if (merged.some((definition) => !keys.has(definition.AttributeName))) {
    const defined = merged.map((definition) => definition.AttributeName);
    throw invalidParameter(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(", ")}], keys used: [${[...keys].join(", ")}]`,
    );
  }
  return merged;
}

function changeThroughput(table: TableRow, input: UpdateTableInput, switched: boolean, now: EpochMs): ThroughputRow {
  const { provisionedThroughput: before } = table;
  const wanted = input.ProvisionedThroughput;
  if (!wanted) return switched ? firstThroughput(undefined) : before;
  if (!switched) requireDifferent(before, wanted, `The provisioned throughput for the table will not change.`);
  return throughputAfter(before, wanted, now);
}
