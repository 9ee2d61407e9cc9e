import { ResourceInUseException } from "../../../api/dynamodb/errors.ts";
import type { CreateTableInput, DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { activateTable } from "../jobs/activate-table.ts";
import { invalidParameter, notImplemented, validationException } from "../refusals.ts";
import { tableNumbers, tables } from "../state.ts";
import type { IndexRow, KeySchemaRow, TableRow } from "../state.ts";
import { readStreamView, startStream } from "../streams/change-stream.ts";
import { describeTableRow } from "../tables/describe-table-row.ts";
import { emptyMeasure } from "../tables/measure-table.ts";
import { readIndexes } from "../tables/read-indexes.ts";
import { printKeySchema, readKeySchema } from "../tables/read-key-schema.ts";
import { findTableName, requireTableName } from "../tables/table-name.ts";
import { readTags } from "../tables/tags.ts";
import { firstThroughput, readOnDemandThroughput, requireThroughput } from "../tables/throughput.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export const createTable: Handler<DynamoDBApi["CreateTable"]> = async (input, ctx) => {
  const name = findTableName(input.TableName, ctx);
  if (name === undefined) throw validationException("Invalid table name or ARN");
  requireTableName(name, 3);
  refuseUnbuilt(input);
  const viewType = readStreamView(input.StreamSpecification);
  const definition = readDefinition(input);
  const id = ctx.ids.uuid();

  return ctx.write(async (tx) => {
    const existing = await tx.get(tables, [name]);
    if (existing) throw new ResourceInUseException({ message: `Table already exists: ${name}` });
    const number = ((await tx.get(tableNumbers, []))?.latest ?? 0) + 1;
    tx.put(tableNumbers, { latest: number });
    const createdAt = ctx.clock.now();
    const stream = viewType && (await startStream(tx, { ...definition, name }, viewType));
    const table: TableRow = {
      ...definition,
      name,
      id,
      number,
      status: "CREATING",
      createdAt,
      ...(definition.billingMode === "PAY_PER_REQUEST" && { onDemandSince: createdAt }),
      ...(stream && { stream }),
    };
    tx.put(tables, table);
    tx.schedule(activateTable, { tableName: name, table: number });
    return { TableDescription: describeTableRow(table, ctx, emptyMeasure) };
  });
};

type Definition = Omit<TableRow, "name" | "id" | "number" | "status" | "createdAt">;

function readDefinition(input: CreateTableInput): Definition {
  const billingMode = input.BillingMode ?? "PROVISIONED";
  requireThroughput(billingMode, input.ProvisionedThroughput);
  const schema = readTableSchema(input);
  const definitions = input.AttributeDefinitions!;
  const indexes = readIndexes(schema, definitions, input.LocalSecondaryIndexes, input.GlobalSecondaryIndexes, {
    mode: billingMode,
  });
  requireAllUsed(definitions, schema, indexes);
  const onDemand = readOnDemandThroughput(input.OnDemandThroughput, billingMode);
  return {
    ...schema,
    attributeDefinitions: definitions,
    indexes,
    billingMode,
    billingModeNamed: input.BillingMode === "PAY_PER_REQUEST",
    provisionedThroughput: firstThroughput(input.ProvisionedThroughput),
    ...(onDemand && { onDemandThroughput: onDemand }),
    ...(input.WarmThroughput && { warmThroughput: input.WarmThroughput }),
    ...(input.TableClass && { tableClass: input.TableClass }),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    ...(input.SSESpecification && { sse: input.SSESpecification }),
    tags: Object.fromEntries(readTags(input.Tags ?? [])),
  };
}

function readTableSchema({ KeySchema: keySchema, AttributeDefinitions: definitions }: CreateTableInput): KeySchemaRow {
  if (!definitions || !keySchema) {
    throw validationException("Invalid KeySchema: Some index key attribute have no definition");
  }
  if (keySchema.length > 2) {
    throw validationException(
      `1 validation error detected: Value '${printKeySchema(keySchema)}' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2`,
    );
  }
  const names = definitions.map((definition) => definition.AttributeName);
  const duplicate = names.find((each, at) => names.indexOf(each) !== at);
  if (duplicate !== undefined) {
    throw invalidParameter(`Duplicate AttributeName in AttributeDefinitions: ${duplicate}`);
  }
  if (keySchema.length > definitions.length) {
    throw validationException("Invalid KeySchema: Some index key attribute have no definition");
  }
  return readKeySchema(keySchema, definitions);
}

function requireAllUsed(
  definitions: NonNullable<CreateTableInput["AttributeDefinitions"]>,
  schema: KeySchemaRow,
  indexes: readonly IndexRow[],
): void {
  const used = new Set([schema, ...indexes].flatMap((each) => [each.partition.name, each.sort?.name ?? []].flat()));
  if (used.size === definitions.length) return;
  if (indexes.length === 0) {
    throw invalidParameter(
      "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    );
  }
  const defined = definitions.map((definition) => definition.AttributeName);
  throw invalidParameter(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(", ")}], keys used: [${[...used].join(", ")}]`,
  );
}

/** What would be accepted and then do nothing is refused. */
function refuseUnbuilt(input: CreateTableInput): void {
  if (input.ResourcePolicy !== undefined) throw notImplemented("resource policies of DynamoDB tables (ResourcePolicy)");
  if (input.GlobalTableSourceArn !== undefined || input.GlobalTableSettingsReplicationMode !== undefined) {
    throw notImplemented("DynamoDB global tables (GlobalTableSourceArn, GlobalTableSettingsReplicationMode)");
  }
  refuseCustomerKey(input.SSESpecification);
}

/** Encryption under the AWS managed key cannot be seen from outside, one's own key can. */
export function refuseCustomerKey(sse: CreateTableInput["SSESpecification"]): void {
  if (sse?.KMSMasterKeyId !== undefined) {
    throw notImplemented(
      "encryption of DynamoDB tables under a customer managed key (SSESpecification.KMSMasterKeyId)",
    );
  }
  if (sse?.SSEType === "AES256") {
    throw invalidParameter("Unsupported SSEType: AES256");
  }
}
