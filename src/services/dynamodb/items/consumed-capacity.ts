import type {
  Capacity,
  ConsumedCapacity,
  ItemCollectionMetrics,
  ReturnConsumedCapacity,
  ReturnItemCollectionMetrics,
} from "../../../api/dynamodb/types.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { emptyItem } from "./attribute-value.ts";
import type { Item } from "./attribute-value.ts";

const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** What a request used: of the table itself and of each index. */
export class Units {
  table = 0;
  readonly indexes = new Map<IndexRow, number>();

  addToTable(units: number): void {
    this.table += units;
  }

  addToIndex(index: IndexRow, units: number): void {
    this.indexes.set(index, (this.indexes.get(index) ?? 0) + units);
  }

  addAll(more: Units): void {
    this.table += more.table;
    for (const [index, units] of more.indexes) this.addToIndex(index, units);
  }

  get total(): number {
    let total = this.table;
    for (const units of this.indexes.values()) total += units;
    return total;
  }
}

/** Units that reading `bytes` takes; finding nothing costs as much as the smallest item. */
export function readUnits(bytes: number, consistent: boolean | undefined): number {
  const whole = Math.max(1, Math.ceil(bytes / readUnitBytes));
  return consistent ? whole : whole / 2;
}

/** Units that writing an item of `bytes` takes; deleting nothing costs as much as the smallest item. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnitBytes));
}

type Direction = "ReadCapacityUnits" | "WriteCapacityUnits";

/**
 * The answer's ConsumedCapacity, or undefined when it was not asked for. Transactions tell the direction as well.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
 */
export function describeUnits(
  wanted: ReturnConsumedCapacity | undefined,
  table: TableRow,
  units: Units,
  direction?: Direction,
): ConsumedCapacity | undefined {
  if (wanted === undefined || wanted === "NONE") return undefined;
  const capacity = (amount: number): Capacity => ({
    CapacityUnits: amount,
    ...(direction && { [direction]: amount }),
  });
  const indexes = (kind: IndexRow["kind"]): { [name: string]: Capacity } | undefined => {
    const used = [...units.indexes].filter(([index]) => index.kind === kind);
    return used.length === 0
      ? undefined
      : Object.fromEntries(used.map(([index, amount]) => [index.name, capacity(amount)]));
  };
  const local = indexes("local");
  const global = indexes("global");
  return {
    TableName: table.name,
    ...capacity(units.total),
    ...(wanted === "INDEXES" && {
      Table: capacity(units.table),
      ...(local && { LocalSecondaryIndexes: local }),
      ...(global && { GlobalSecondaryIndexes: global }),
    }),
  };
}

/** The answer's ItemCollectionMetrics: only tables with local indexes have item collections. */
export function describeCollection(
  wanted: ReturnItemCollectionMetrics | undefined,
  table: TableRow,
  item: Item,
): ItemCollectionMetrics | undefined {
  if (wanted !== "SIZE" || !table.indexes.some((index) => index.kind === "local")) return undefined;
  const key = emptyItem();
  key[table.partition.name] = item[table.partition.name]!;
  return { ItemCollectionKey: key as never, SizeEstimateRangeGB: [0, 1] };
}
