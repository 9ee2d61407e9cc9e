import type { Key, ListOptions, Snapshot } from "../../../kernel/records.ts";
import { hashMapOrder } from "../../../kernel/validation/java-order.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import { matchCondition, valueAt } from "../expressions/condition.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { treeOf } from "../expressions/projection.ts";
import { compareValues, emptyItem } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { readUnits, Units } from "../items/consumed-capacity.ts";
import { keyRange } from "../items/key-range.ts";
import { itemKey, keyAttributes } from "../items/keys.ts";
import { readPage } from "../items/read-page.ts";
import { readSelection } from "../items/selection.ts";
import type { Selection } from "../items/selection.ts";
import { startKeyPlace } from "../items/start-key.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { IndexRow, KeySchemaRow, TableRow } from "../state.ts";
import type { PathExpression } from "./ast.ts";
import type { CompiledSelect } from "./compile-statement.ts";
import { compareStarts, isEmpty, keyBranches } from "./key-branches.ts";
import type { KeyBranch } from "./key-branches.ts";
import type { PagePlace } from "./next-token.ts";
import { requireSourceIndex } from "./source.ts";

/** Clauses that come down to several reads are answered in pages of this many items. */
const maxItemsOfSeveralReads = 10;

/** How a SELECT will be answered: by reads in this order. */
export interface ReadPlan {
  readonly table: TableRow;
  readonly index: IndexRow | undefined;
  /** Undefined for a scan. */
  readonly branches: readonly KeyBranch[] | undefined;
  readonly reverse: boolean;
  readonly selection: Selection;
}

/** @throws ValidationException as AWS words it */
export function planRead(select: CompiledSelect, table: TableRow, consistent: boolean | undefined): ReadPlan {
  const index = select.index === undefined ? undefined : requireSourceIndex(table, select.index);
  if (index?.kind === "global" && consistent) {
    throw validationException("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  const schema: KeySchemaRow = index ?? table;
  requireOrderableNames(select, schema);
  const branches = select.where && keyBranches(select.where, schema);
  const { ordered, reverse } = orderBranches(select, schema, branches);
  if (index && ordered) requireProjectedFilters(index, ordered);
  return { table, index, branches: ordered, reverse, selection: selectionOf(select.projection, index) };
}

function requireOrderableNames({ orderBy, where }: CompiledSelect, schema: KeySchemaRow): void {
  if (orderBy.length === 0) return;
  if (!where) throw validationException("Must have WHERE clause in the statement when using ORDER BY clause.");
  for (const { name } of orderBy) {
    if (!keyAttributes(schema).some((attribute) => attribute.name === name)) {
      throw validationException(`Attribute ${name} in ORDER BY clause must be part of the primary key`);
    }
  }
}

function orderBranches(
  { orderBy }: CompiledSelect,
  schema: KeySchemaRow,
  branches: readonly KeyBranch[] | undefined,
): { readonly ordered: readonly KeyBranch[] | undefined; readonly reverse: boolean } {
  if (orderBy.length === 0) return { ordered: branches, reverse: false };
  if (!branches) {
    throw validationException(
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    );
  }
  const byPartition = orderBy.find(({ name }) => name === schema.partition.name);
  const bySort = orderBy.find(({ name }) => name === schema.sort?.name);
  const partitions = new Set(branches.map(({ partition }) => JSON.stringify(partition)));
  if (partitions.size > 1 && (!byPartition || orderBy[0] !== byPartition)) {
    throw validationException(
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    );
  }
  // Ordered by the partition key alone, AWS gives the items of a partition from the last to the first.
  const reverse = bySort ? bySort.descending : true;
  const ordered = branches.toSorted((a, b) => {
    const order = compareValues(a.partition, b.partition)!;
    if (order !== 0) return byPartition?.descending ? -order : order;
    return reverse ? compareStarts(b, a) : compareStarts(a, b);
  });
  return { ordered, reverse };
}

/**
 * A read by an index's key may not filter by what the index does not hold; a scan of it may, and finds nothing there.
 * Of several reads AWS judges one, whose choice seems to follow the hash of its partition.
 */
function requireProjectedFilters(index: IndexRow, branches: readonly KeyBranch[]): void {
  const { projected } = index;
  if (!projected) return;
  const missing = branches.map(({ rest }) => [
    ...new Set(rest.flatMap(pathsOf).flatMap(([name]) => (projected.includes(name) ? [] : [name]))),
  ]);
  if (missing.length === 0 || missing.some((names) => names.length === 0)) return;
  const judged = branches.reduce(
    (at, branch, other) => (compareValues(branch.partition, branches[at]!.partition)! > 0 ? other : at),
    0,
  );
  const names = hashMapOrder(missing[judged]!).join(", ");
  throw invalidParameter(`Secondary index ${index.name} does not project one or more filter attributes: [${names}]`);
}

function selectionOf(projection: readonly PathExpression[] | undefined, index: IndexRow | undefined): Selection {
  if (!projection) return readSelection("Querying", undefined, undefined, "ProjectionExpression", index);
  const tree = treeOf(projection.map(({ path }) => [path[0]]));
  const selection = readSelection("Querying", undefined, tree, "ProjectionExpression", index);
  return { ...selection, project: (item) => projectColumns(item, projection) };
}

/** What a SELECT lists, each under the last name of its path: `a.b[0]` as `b[0]`. */
export function projectColumns(item: Item, projection: readonly PathExpression[]): Item {
  const columns = emptyItem();
  for (const { path } of projection) {
    const value = valueAt(item, path);
    if (value !== undefined) columns[columnName(path)] = value;
  }
  return columns;
}

function columnName(path: PathExpression["path"]): string {
  const last = path.findLastIndex((step) => typeof step === "string");
  return path
    .slice(last)
    .map((step) => (typeof step === "number" ? `[${step}]` : step))
    .join("");
}

export interface SelectedPage {
  readonly items: readonly Item[];
  readonly units: Units;
  readonly next: PagePlace | undefined;
  readonly lastKey: Item | undefined;
}

/** Reads one page of what a plan gives, from `place` on. */
export async function readPlanned(
  snapshot: Snapshot,
  plan: ReadPlan,
  select: CompiledSelect,
  place: PagePlace,
  options: { readonly limit: number | undefined; readonly consistent: boolean | undefined },
): Promise<SelectedPage> {
  const { table, index, branches, reverse, selection } = plan;
  const units = new Units();
  const selected: Item[] = [];
  const reads = branches?.length ?? 1;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  if (reads > 1) left = Math.min(left, maxItemsOfSeveralReads);
  let lastKey: Item | undefined;
  for (let at = place.branch; at < reads; at++) {
    if (left <= 0) return { items: selected, units, next: { branch: at, after: undefined }, lastKey };
    const branch = branches?.[at];
    if (branch && isEmpty(branch)) continue;
    const key = branch && singleKey(plan, branch);
    if (key) {
      const row = await snapshot.get(items, key);
      units.addToTable(readUnits(row?.size ?? 0, options.consistent));
      if (!row) continue;
      left--;
      if (meets(select.where, row.item)) selected.push(selection.project ? selection.project(row.item) : row.item);
      continue;
    }
    const after = at === place.branch ? place.after : undefined;
    const list = { ...rangeFrom(table, index, branch, after, reverse), reverse };
    const { consistent } = options;
    const limit = left === Number.POSITIVE_INFINITY ? undefined : left;
    const page = await readPage(snapshot, { table, index, list, limit, filter: select.where, selection, consistent });
    selected.push(...page.items!);
    left -= page.scannedCount;
    units.addAll(page.units);
    lastKey = page.lastKey ?? lastKey;
    if (page.lastKey) {
      return { items: selected, units, next: { branch: at, after: page.lastKey }, lastKey };
    }
  }
  return { items: selected, units, next: undefined, lastKey: undefined };
}

/** What a scan or one of the reads by key looks through. */
function rangeFrom(
  table: TableRow,
  index: IndexRow | undefined,
  branch: KeyBranch | undefined,
  after: Item | undefined,
  reverse: boolean,
): ListOptions {
  const range = branch
    ? branchRange(table, index, branch)
    : { prefix: index ? [table.number, index.number] : [table.number] };
  if (after === undefined) return range;
  const place = startKeyPlace(table, index, after);
  return reverse ? { ...range, before: place } : { ...range, after: place };
}

function branchRange(table: TableRow, index: IndexRow | undefined, { partition, low, high }: KeyBranch): ListOptions {
  const { prefix, from, after } = keyRange(table, index, { partition, ...(low && { sort: low }) });
  const { before } = keyRange(table, index, { partition, ...(high && { sort: high }) });
  return { ...(prefix && { prefix }), ...(from && { from }), ...(after && { after }), ...(before && { before }) };
}

/** The key of the only item that a read can find; undefined where it may find several, and in indexes. */
function singleKey({ table, index }: ReadPlan, { partition, low }: KeyBranch): Key | undefined {
  if (index || (table.sort && low?.kind !== "=")) return undefined;
  const key = emptyItem();
  key[table.partition.name] = partition;
  if (table.sort && low?.kind === "=") key[table.sort.name] = low.value;
  return itemKey(table, key);
}

function meets(where: BoundCondition | undefined, item: Item): boolean {
  return where === undefined || matchCondition(where.condition, item, where.values);
}
