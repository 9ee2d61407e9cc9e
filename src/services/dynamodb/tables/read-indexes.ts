import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  Projection,
} from "../../../api/dynamodb/types.ts";
import { keyAttributes } from "../items/keys.ts";
import { invalidParameter, notImplemented } from "../refusals.ts";
import type { IndexRow, KeySchemaRow } from "../state.ts";
import { readKeySchema } from "./read-key-schema.ts";
import { firstThroughput, readOnDemandThroughput } from "./throughput.ts";
import type { TableBilling } from "./throughput.ts";

const maxLocalIndexes = 5;
const maxGlobalIndexes = 20;
const maxNonKeyAttributes = 100;

interface Specification {
  readonly IndexName: string | undefined;
  readonly KeySchema: LocalSecondaryIndex["KeySchema"] | undefined;
  readonly Projection: Projection | undefined;
}

/**
 * Checks the secondary indexes of CreateTable and reads them.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
export function readIndexes(
  table: KeySchemaRow,
  definitions: readonly AttributeDefinition[],
  local: readonly LocalSecondaryIndex[] | undefined,
  global: readonly GlobalSecondaryIndex[] | undefined,
  billing: TableBilling,
): IndexRow[] {
  const indexes: IndexRow[] = [];
  const add = (index: IndexRow) => {
    if (indexes.some((each) => each.name === index.name)) throw invalidParameter(`Duplicate index name: ${index.name}`);
    indexes.push({ ...index, number: indexes.length + 1 });
  };
  if (local) {
    if (local.length === 0) throw invalidParameter("List of LocalSecondaryIndexes is empty");
    if (!table.sort) {
      throw invalidParameter(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
      );
    }
    for (const specification of local) add(readLocalIndex(table, definitions, specification));
    if (local.length > maxLocalIndexes) {
      throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${maxLocalIndexes}`);
    }
  }
  if (global) {
    if (global.length === 0) throw invalidParameter("List of GlobalSecondaryIndexes is empty");
    for (const specification of global) add(readGlobalIndex(table, definitions, specification, billing));
    requireGlobalIndexCount(global.length);
  }
  const projected = indexes.reduce((sum, index) => sum + (index.nonKeyAttributes?.length ?? 0), 0);
  if (projected > maxNonKeyAttributes) {
    throw invalidParameter(
      `The total number of attributes projected into all of the secondary indexes exceeds the limit of ${maxNonKeyAttributes}`,
    );
  }
  return indexes;
}

export function requireGlobalIndexCount(count: number): void {
  if (count > maxGlobalIndexes) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${maxGlobalIndexes}`);
  }
}

function readLocalIndex(
  table: KeySchemaRow,
  definitions: readonly AttributeDefinition[],
  specification: LocalSecondaryIndex,
): IndexRow {
  const name = specification.IndexName;
  const schema = readKeySchema(specification.KeySchema, definitions);
  if (!schema.sort) throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
  if (schema.partition.name !== table.partition.name) {
    throw invalidParameter(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${schema.partition.name}, table hash key: ${table.partition.name}`,
    );
  }
  return { name, kind: "local", number: 0, ...schema, ...readProjection(table, schema, specification) };
}

/** A global index as it is made, its number still to be given. */
export function readGlobalIndex(
  table: KeySchemaRow,
  definitions: readonly AttributeDefinition[],
  specification: GlobalSecondaryIndex,
  billing: TableBilling,
): IndexRow {
  const name = specification.IndexName;
  if (specification.KeySchema.length > 2) {
    throw notImplemented(`keys of several attributes in the global secondary index ${name}`);
  }
  const schema = readKeySchema(specification.KeySchema, definitions);
  const projection = readProjection(table, schema, specification);
  const { ProvisionedThroughput: provisioned } = specification;
  if (billing.mode === "PAY_PER_REQUEST" && provisioned) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billing.mode === "PROVISIONED" && !provisioned) {
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${name}`);
  }
  const onDemand = readOnDemandThroughput(specification.OnDemandThroughput, billing.mode);
  return {
    name,
    kind: "global",
    number: 0,
    ...schema,
    ...projection,
    provisionedThroughput: firstThroughput(provisioned),
    ...(onDemand && { onDemandThroughput: onDemand }),
    ...(specification.WarmThroughput && { warmThroughput: specification.WarmThroughput }),
  };
}

function readProjection(
  table: KeySchemaRow,
  index: KeySchemaRow,
  { Projection: projection }: Specification,
): Pick<IndexRow, "projectionType" | "nonKeyAttributes" | "projected"> {
  const projectionType = projection?.ProjectionType;
  const nonKeyAttributes = projection?.NonKeyAttributes;
  if (projectionType === undefined) throw invalidParameter("Unknown ProjectionType: null");
  if (projectionType === "INCLUDE" && !nonKeyAttributes) {
    throw invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (projectionType !== "INCLUDE" && nonKeyAttributes) {
    throw invalidParameter(`ProjectionType is ${projectionType}, but NonKeyAttributes is specified`);
  }
  if (projectionType === "ALL") return { projectionType };
  const keys = [...keyAttributes(table), ...keyAttributes(index)].map((attribute) => attribute.name);
  return {
    projectionType,
    ...(nonKeyAttributes && { nonKeyAttributes }),
    projected: [...new Set([...keys, ...(nonKeyAttributes ?? [])])],
  };
}
