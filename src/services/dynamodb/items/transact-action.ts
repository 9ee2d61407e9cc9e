import { AwsError } from "../../../api/aws-error.ts";
import { ConditionalCheckFailedException } from "../../../api/dynamodb/errors.ts";
import type { CancellationReason, TransactWriteItem } from "../../../api/dynamodb/types.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import type { UpdateAction } from "../expressions/ast.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { TableRow } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import type { Item } from "./attribute-value.ts";
import { checkItem } from "./check-value.ts";
import { requireCondition } from "./condition-check.ts";
import { Units, writeUnits } from "./consumed-capacity.ts";
import { itemRow } from "./item-row.ts";
import type { ItemRow } from "./item-row.ts";
import { itemBytes, requireItemFits } from "./item-size.ts";
import { itemKey, requireItemKeys, requireKey } from "./keys.ts";
import { writeItem } from "./write-item.ts";
import { requireKeyUntouched, updateItemTo } from "./update-item.ts";

/** One action of a TransactWriteItems request, read and checked as far as the request alone allows. */
export interface TransactAction {
  readonly kind: "put" | "update" | "delete" | "check";
  readonly nameOrArn: string;
  /** The item to put, or the key of the item that is meant. */
  readonly item: Item;
  readonly actions: readonly UpdateAction[];
  readonly condition: BoundCondition | undefined;
  readonly values: ExpressionValues;
  readonly returned: "ALL_OLD" | "NONE" | undefined;
}

/** @throws ValidationException for the whole request */
export function readTransactAction(cache: ExpressionCache, request: TransactWriteItem): TransactAction {
  const { Put: put, Update: update, Delete: remove, ConditionCheck: check } = request;
  if ([put, update, remove, check].filter((each) => each !== undefined).length !== 1) {
    throw validationException("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const target = (put ?? update ?? remove ?? check)!;
  const item = checkItem(put ? put.Item : (update ?? remove ?? check)!.Key);
  if (put) requireItemFits(itemBytes(item));
  const { ConditionExpression } = target;
  const UpdateExpression = update?.UpdateExpression;
  const expressions = new Expressions(
    cache,
    target,
    update ? { UpdateExpression, ConditionExpression } : { ConditionExpression },
  );
  const actions = UpdateExpression === undefined ? [] : expressions.update(UpdateExpression).actions;
  const condition = expressions.condition("ConditionExpression", ConditionExpression);
  expressions.finish();
  return {
    kind: put ? "put" : update ? "update" : remove ? "delete" : "check",
    nameOrArn: target.TableName,
    item,
    actions,
    condition,
    values: expressions.values,
    returned: target.ReturnValuesOnConditionCheckFailure,
  };
}

/** An action with its table, found to be possible in itself or not. */
export interface PlacedAction {
  readonly action: TransactAction;
  readonly table: TableRow;
  /** Absent where the action's key is none of the table. */
  readonly key: Key | undefined;
  readonly reason: CancellationReason;
}

export async function placeAction(tx: Transaction, action: TransactAction, at: ServiceContext): Promise<PlacedAction> {
  const table = await requireTable(tx, action.nameOrArn, at);
  let key: Key | undefined;
  const reason = reasonOf(() => {
    if (action.kind === "put") requireItemKeys(table, action.item);
    else requireKey(table, action.item);
    requireKeyUntouched(table, action.actions);
    key = itemKey(table, action.item);
  });
  return { action, table, key, reason };
}

/** What an action would do, or why it cannot. */
export interface Outcome {
  readonly reason: CancellationReason;
  readonly before?: ItemRow | undefined;
  readonly after?: ItemRow | undefined;
}

export async function decideAction(tx: Transaction, placed: PlacedAction): Promise<Outcome> {
  const { action, table, key, reason } = placed;
  if (key === undefined) return { reason };
  const before = await tx.get(items, key);
  let after: ItemRow | undefined;
  const outcome = reasonOf(() => {
    after = itemAfter(action, table, key, before);
  });
  return { reason: outcome, before, after };
}

/**
 * The item as an action would leave it, or undefined when it would leave none.
 * @throws ConditionalCheckFailedException, ValidationException
 */
export function itemAfter(
  { kind, item: given, actions, condition, values, returned }: TransactAction,
  table: TableRow,
  key: Key,
  before: ItemRow | undefined,
): ItemRow | undefined {
  requireCondition(condition, before, returned);
  if (kind === "put") return itemRow(key, given);
  if (kind !== "update") return undefined;
  const { item, size } = updateItemTo(table, before?.item, given, actions, values);
  return itemRow(key, item, size);
}

/** Writes what was decided and counts what it costs: twice what it would outside a transaction. */
export function applyAction(tx: Transaction, placed: PlacedAction, outcome: Outcome, units: Units): void {
  const { action, table, key } = placed;
  const plain = new Units();
  if (action.kind === "check") plain.addToTable(writeUnits(outcome.before?.size ?? 0));
  else writeItem(tx, table, key!, outcome.before, outcome.after, plain);
  units.addToTable(2 * plain.table);
  for (const [index, amount] of plain.indexes) units.addToIndex(index, 2 * amount);
}

/** Why an action cannot be: AWS refuses the whole request for empty keys, and cancels the transaction for other faults. */
export function reasonOf(attempt: () => void): CancellationReason {
  try {
    attempt();
    return { Code: "None" };
  } catch (error) {
    if (!(error instanceof AwsError) || error.status === 501) throw error;
    if (error instanceof ConditionalCheckFailedException) {
      return { Code: "ConditionalCheckFailed", Message: error.message, ...error.fields };
    }
    if (error.message.startsWith("One or more parameter values are not valid.")) throw error;
    return { Code: "ValidationError", Message: error.message };
  }
}
