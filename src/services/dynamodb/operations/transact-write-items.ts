import type { DynamoDBApi, ItemCollectionMetrics } from "../../../api/dynamodb/types.ts";
import type { Transaction } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { byName } from "../items/by-name.ts";
import { requireAllPossible } from "../items/cancel-transaction.ts";
import { describeCollection, describeUnits } from "../items/consumed-capacity.ts";
import { itemBytes } from "../items/item-size.ts";
import { printKey } from "../items/print-key.ts";
import { applyAction, decideAction, placeAction, readTransactAction } from "../items/transact-action.ts";
import type { Outcome, PlacedAction } from "../items/transact-action.ts";
import { hasRun, keepToken, replayUnits, tokenUse } from "../items/transaction-token.ts";
import { transactionConflict } from "../items/transactions-in-flight.ts";
import type { TakeItems, TransactionsInFlight } from "../items/transactions-in-flight.ts";
import { UnitsByTable } from "../items/units-by-table.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";

const maxBytes = 4 * 1024 * 1024;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export function transactWriteItems(
  cache: ExpressionCache,
  inFlight: TransactionsInFlight,
): Handler<DynamoDBApi["TransactWriteItems"]> {
  return async (input, ctx) => {
    const actions = input.TransactItems.map((request) => readTransactAction(cache, request));
    if (actions.reduce((sum, action) => sum + itemBytes(action.item), 0) > maxBytes) {
      throw validationException("Transaction request size has exceeded the maximum allowed size of 4 MB");
    }
    const use = tokenUse(input.ClientRequestToken, input.TransactItems);

    const body = async (tx: Transaction, take: TakeItems) => {
      const placed: PlacedAction[] = [];
      for (const action of actions) placed.push(await placeAction(tx, action, ctx));
      const capacities = (consumed: UnitsByTable, direction: "ReadCapacityUnits" | "WriteCapacityUnits") => {
        const described = consumed
          .entries()
          .flatMap(([table, units]) => describeUnits(input.ReturnConsumedCapacity, table, units, direction) ?? []);
        return described.length > 0 ? { ConsumedCapacity: described } : {};
      };
      if (await hasRun(tx, use, ctx)) {
        const replayed = new UnitsByTable();
        for (const { table, key } of placed) {
          replayed.add(table, replayUnits((key && (await tx.get(items, key)))?.size));
        }
        return capacities(replayed, "ReadCapacityUnits");
      }
      const keys = placed.flatMap((each) => (each.key ? [printKey(each.key)] : []));
      if (new Set(keys).size !== keys.length) {
        throw validationException("Transaction request cannot include multiple operations on one item");
      }
      const taken = take(placed.flatMap((each) => (each.key ? [each.key] : [])));
      const outcomes: Outcome[] = [];
      for (const each of placed) outcomes.push(await decideAction(tx, each));
      const reasons = placed.map(({ key }, at) =>
        key && taken.shift() === true ? transactionConflict : outcomes[at]!.reason,
      );
      requireAllPossible(reasons);

      const consumed = new UnitsByTable();
      const collections = byName<ItemCollectionMetrics[]>();
      for (const [at, each] of placed.entries()) {
        applyAction(tx, each, outcomes[at]!, consumed.of(each.table));
        const collection = describeCollection(input.ReturnItemCollectionMetrics, each.table, each.action.item);
        if (collection) (collections[each.action.nameOrArn] ??= []).push(collection);
      }
      keepToken(tx, use, ctx);
      return {
        ...capacities(consumed, "WriteCapacityUnits"),
        ...(Object.keys(collections).length > 0 && { ItemCollectionMetrics: collections }),
      };
    };
    return inFlight.run(ctx, use?.token, (take) => ctx.write((tx) => body(tx, take)));
  };
}
