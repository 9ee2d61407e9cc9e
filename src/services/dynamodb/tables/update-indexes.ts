import { LimitExceededException } from "../../../api/dynamodb/errors.ts";
import type {
  AttributeDefinition,
  GlobalSecondaryIndexUpdate,
  UpdateGlobalSecondaryIndexAction,
} from "../../../api/dynamodb/types.ts";
import type { EpochMs } from "../../../base/clock.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { readGlobalIndex, requireGlobalIndexCount } from "./read-indexes.ts";
import { firstThroughput, requireDifferent, requireInBounds, throughputAfter } from "./throughput.ts";

/** The table as UpdateTable makes it, before its indexes are looked at. */
type Changed = Pick<TableRow, "partition" | "sort" | "indexes" | "billingMode">;

/**
 * A table's indexes after the `GlobalSecondaryIndexUpdates` of UpdateTable; what is added or taken away is marked and
 * left to a job.
 * @throws ValidationException as AWS words it
 */
export function updateIndexes(
  table: Changed,
  definitions: readonly AttributeDefinition[],
  updates: readonly GlobalSecondaryIndexUpdate[],
  switched: boolean,
  now: EpochMs,
): readonly IndexRow[] {
  if (updates.filter((update) => update.Create || update.Delete).length > 1) {
    throw new LimitExceededException({
      message: "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    });
  }
  const changed = new Map<string, UpdateGlobalSecondaryIndexAction>();
  const deleted = new Set<string>();
  const created: IndexRow[] = [];
  for (const { Create: create, Update: update, Delete: remove } of updates) {
    if ([create, update, remove].filter((each) => each !== undefined).length !== 1) {
      throw invalidParameter("Only one of Create, Update or Delete can be given in each GlobalSecondaryIndexUpdate");
    }
    if (update) changed.set(requireGlobalIndex(table, update.IndexName), update);
    if (remove) deleted.add(requireGlobalIndex(table, remove.IndexName));
    if (create) {
      if (table.indexes.some((index) => index.name === create.IndexName)) {
        throw validationException(`Attempting to create an index which already exists: ${create.IndexName}`);
      }
      const number = Math.max(0, ...table.indexes.map((index) => index.number)) + 1;
      const index = readGlobalIndex(table, definitions, create, { mode: table.billingMode });
      created.push({ ...index, number, status: "CREATING" });
    }
  }
  const kept = table.indexes.map((index): IndexRow => {
    if (index.kind === "local") return index;
    if (deleted.has(index.name)) return { ...index, status: "DELETING" };
    return updateIndex(index, table, changed.get(index.name), switched, now);
  });
  const indexes = [...kept, ...created];
  requireGlobalIndexCount(indexes.filter((index) => index.kind === "global").length);
  return indexes;
}

function requireGlobalIndex(table: Changed, name: string): string {
  if (table.indexes.some((index) => index.name === name && index.kind === "global")) return name;
  throw validationException(`The table does not have the specified index: ${name}`);
}

function updateIndex(
  index: IndexRow,
  table: Changed,
  update: UpdateGlobalSecondaryIndexAction | undefined,
  switched: boolean,
  now: EpochMs,
): IndexRow {
  const wanted = update?.ProvisionedThroughput;
  const onDemand = table.billingMode === "PAY_PER_REQUEST";
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
  const unchanged = switched ? firstThroughput(undefined) : before;
  return {
    ...index,
    provisionedThroughput: wanted ? throughputAfter(before, wanted, now) : unchanged,
    ...(update?.OnDemandThroughput && { onDemandThroughput: update.OnDemandThroughput }),
    ...(update?.WarmThroughput && { warmThroughput: { ...index.warmThroughput, ...update.WarmThroughput } }),
  };
}
