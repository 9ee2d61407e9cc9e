import type { Key, Snapshot } from "../../../kernel/records.ts";
import { emptyItem, equalValues } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { readUnits, Units } from "../items/consumed-capacity.ts";
import { itemKey, keyAttributes, requireKey } from "../items/keys.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { TableRow } from "../state.ts";
import type { CompiledSelect } from "./compile-statement.ts";
import { equalitiesOf, requireReadableBranches } from "./key-branches.ts";
import { projectColumns } from "./select-items.ts";

/** The read of one item by its whole key, which is all that batches and transactions read. */
export interface ItemReadPlan {
  readonly table: TableRow;
  readonly key: Item;
}

/** @throws ValidationException unless the clause names the key of one item and asks nothing else */
export function planItemRead(
  select: CompiledSelect,
  table: TableRow,
  operation: "BatchExecuteStatement" | "ExecuteTransaction",
): ItemReadPlan {
  const refusal = validationException(
    `Select statements within ${operation} must specify the primary key in the where clause.`,
  );
  if (!select.where || select.index !== undefined) throw refusal;
  requireReadableBranches(select.where, table);
  const { values, more } = equalitiesOf(select.where, true);
  const attributes = keyAttributes(table);
  if (more || values.size !== attributes.length) throw refusal;
  const key = emptyItem();
  for (const { name } of attributes) {
    const [first, ...others] = values.get(name) ?? [];
    if (first === undefined || others.some((other) => !equalValues(first, other))) throw refusal;
    key[name] = first;
  }
  return { table, key };
}

/** The stored key of what a plan reads. @throws ValidationException when it is none of the table */
export function plannedKey({ table, key }: ItemReadPlan): Key {
  requireKey(table, key);
  return itemKey(table, key);
}

export async function readItem(
  snapshot: Snapshot,
  plan: ItemReadPlan,
  select: CompiledSelect,
  consistent: boolean | undefined,
): Promise<{ readonly item: Item | undefined; readonly size: number; readonly units: Units }> {
  const row = await snapshot.get(items, plannedKey(plan));
  const size = row?.size ?? 0;
  const units = new Units();
  units.addToTable(readUnits(size, consistent));
  const item = row && (select.projection ? projectColumns(row.item, select.projection) : row.item);
  return { item, size, units };
}
