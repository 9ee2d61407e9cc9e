import { DuplicateItemException } from "../../../api/dynamodb/errors.ts";
import type { CancellationReason, ReturnValue } from "../../../api/dynamodb/types.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import type { Condition } from "../expressions/ast.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { emptyItem, equalValues } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { Units } from "../items/consumed-capacity.ts";
import type { ItemRow } from "../items/item-row.ts";
import { itemKey, keyAttributes, requireItemKeys, requireKey } from "../items/keys.ts";
import { returnedAttributes } from "../items/returned-attributes.ts";
import { itemAfter, reasonOf } from "../items/transact-action.ts";
import type { PlacedAction, TransactAction } from "../items/transact-action.ts";
import { requireKeyUntouched } from "../items/update-item.ts";
import { writeItem } from "../items/write-item.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { TableRow } from "../state.ts";
import type { CompiledWrite } from "./compile-statement.ts";
import { equalitiesOf } from "./key-branches.ts";

/** A write with the one item that it is about. */
export interface PlacedWrite {
  readonly write: CompiledWrite;
  readonly table: TableRow;
  readonly key: Key;
  readonly action: TransactAction;
}

type Returned = TransactAction["returned"];

/** @throws ValidationException unless the statement names exactly one item */
export function placeWrite(write: CompiledWrite, table: TableRow, returned: Returned): PlacedWrite {
  const item = write.kind === "insert" ? write.item : keyNamedBy(write, table);
  if (write.kind === "insert") requireItemKeys(table, item);
  else requireKey(table, item);
  const actions = write.kind === "update" ? write.actions : [];
  requireKeyUntouched(table, actions);
  const kind = write.kind === "insert" ? "put" : write.kind;
  const condition = conditionOf(write, table);
  const action: TransactAction = {
    kind,
    nameOrArn: write.table,
    item,
    actions,
    condition,
    values: write.values,
    returned,
  };
  return { write, table, key: itemKey(table, item), action };
}

/**
 * What has to hold of the item that is there. An update of nothing fails, because the clause then finds no key; a
 * deletion of nothing succeeds, whatever else the clause asks.
 */
function conditionOf({ kind, where }: CompiledWrite, table: TableRow): BoundCondition | undefined {
  if (!where || kind !== "delete") return where;
  const absent: Condition = {
    kind: "function",
    name: "attribute_not_exists",
    operands: [{ kind: "path", path: [table.partition.name] }],
  };
  return { ...where, condition: { kind: "or", members: [absent, where.condition] } };
}

const everything: BoundCondition = { condition: { kind: "and", members: [] }, values: new Map() };

/** The key that a clause requires, by equality alone. */
function keyNamedBy({ where, kind }: CompiledWrite, table: TableRow): Item {
  const { values } = equalitiesOf(where ?? everything, false);
  const key = emptyItem();
  for (const { name } of keyAttributes(table)) {
    const [first, ...others] = values.get(name) ?? [];
    if (first === undefined) throw missingKey();
    if (kind !== "check" && others.some((other) => !equalValues(first, other))) {
      throw validationException(
        `Multiple conditions on same key ${name}. Only single item Update/Insert/Delete are supported`,
      );
    }
    key[name] = first;
  }
  return key;
}

const missingKeyText = "Where clause does not contain a mandatory equality on all key attributes";

function missingKey(): Error {
  return validationException(missingKeyText);
}

/** What a write did: the item before and after it. */
export interface WrittenItem {
  readonly before: ItemRow | undefined;
  readonly after: ItemRow | undefined;
  readonly units: Units;
}

/** @throws DuplicateItemException, ConditionalCheckFailedException, ValidationException */
export async function runWrite(tx: Transaction, placed: PlacedWrite): Promise<WrittenItem> {
  const { table, key } = placed;
  const before = await tx.get(items, key);
  const after = decideWrite(placed, before);
  const units = new Units();
  // Deleting nothing writes nothing, and costs the same.
  writeItem(tx, table, key, before, after, units);
  return { before, after, units };
}

/** The item as it would be. @throws DuplicateItemException, ConditionalCheckFailedException, ValidationException */
export function decideWrite(
  { write, table, key, action }: PlacedWrite,
  before: ItemRow | undefined,
): ItemRow | undefined {
  if (write.kind === "insert" && before) {
    throw new DuplicateItemException({ message: "Duplicate primary key exists in table" });
  }
  return itemAfter(action, table, key, before);
}

/** What the statement's RETURNING clause asks for, of what was written. */
export function returnedItem(placed: PlacedWrite, written: WrittenItem): Item | undefined {
  const { returning } = placed.write;
  if (!returning) return undefined;
  const wanted: ReturnValue = returning.extent === "ALL" ? `ALL_${returning.image}` : `UPDATED_${returning.image}`;
  return returnedAttributes(wanted, written.before?.item, written.after?.item, placed.action.actions);
}

/** A write's place in a transaction: faults of its own cancel the transaction. */
export function placeInTransaction(
  write: CompiledWrite,
  table: TableRow,
  returned: Returned,
): { readonly reason: CancellationReason; readonly placed?: PlacedWrite } {
  let placed: PlacedWrite | undefined;
  const reason = reasonOf(() => {
    placed = placeWrite(write, table, returned);
  });
  if (placed) return { reason, placed };
  // In transactions AWS words it as TransactWriteItems does.
  const message =
    reason.Message === missingKeyText ? "The provided key element does not match the schema" : reason.Message;
  return { reason: { ...reason, Message: message } };
}

/** Why a write cannot be, or that it can. */
export function writeReason(attempt: () => void): CancellationReason {
  let duplicate: CancellationReason | undefined;
  const reason = reasonOf(() => {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof DuplicateItemException)) throw error;
      duplicate = { Code: "DuplicateItem", Message: error.message };
    }
  });
  return duplicate ?? reason;
}

/** @throws ValidationException unless EXISTS asks one item for more than to be there */
export function requireItemCheck({ where }: CompiledWrite, table: TableRow): void {
  const { values, more } = equalitiesOf(where ?? everything, false);
  const names = keyAttributes(table).map(({ name }) => name);
  const keyed = names.every((name) => values.has(name));
  const others = more || [...values].some(([name, asked]) => !names.includes(name) || asked.length > 1);
  if (!keyed || !others) {
    throw validationException("EXISTS() must contain a single item read with additional condition");
  }
}

/** The same as an action of a transaction that has been placed. */
export function placedAction({ action, table, key }: PlacedWrite): PlacedAction {
  return { action, table, key, reason: { Code: "None" } };
}
