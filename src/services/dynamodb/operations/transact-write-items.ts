import { hash } from "node:crypto";
import { IdempotentParameterMismatchException } from "../../../api/dynamodb/errors.ts";
import type { DynamoDBApi, ItemCollectionMetrics, TransactWriteItemsInput } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { byName } from "../items/by-name.ts";
import { requireAllPossible } from "../items/cancel-transaction.ts";
import { describeCollection, describeUnits, Units } from "../items/consumed-capacity.ts";
import { itemBytes } from "../items/item-size.ts";
import { printKey } from "../items/print-key.ts";
import { applyAction, decideAction, placeAction, readTransactAction } from "../items/transact-action.ts";
import type { Outcome, PlacedAction } from "../items/transact-action.ts";
import { expireTransactionToken } from "../jobs/expire-transaction-token.ts";
import { validationException } from "../refusals.ts";
import { transactionTokens } from "../state.ts";
import type { TableRow } from "../state.ts";

const maxBytes = 4 * 1024 * 1024;
const tokenLifetimeMs = 10 * 60 * 1000;

/**
 * Conflicting transactions wait for each other here instead of failing with TransactionConflict.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function transactWriteItems(cache: ExpressionCache): Handler<DynamoDBApi["TransactWriteItems"]> {
  return async (input, ctx) => {
    const actions = input.TransactItems!.map((request) => readTransactAction(cache, request));
    if (actions.reduce((sum, action) => sum + itemBytes(action.item), 0) > maxBytes) {
      throw validationException("Transaction request size has exceeded the maximum allowed size of 4 MB");
    }
    const token = input.ClientRequestToken;
    const fingerprint = token === undefined ? "" : fingerprintOf(input);

    return ctx.write(async (tx) => {
      const now = ctx.clock.now();
      const placed: PlacedAction[] = [];
      for (const action of actions) placed.push(await placeAction(tx, action, ctx));
      if (token !== undefined) {
        const earlier = await tx.get(transactionTokens, [token]);
        if (earlier && earlier.expiresAt > now) {
          if (earlier.fingerprint === fingerprint) return {};
          throw new IdempotentParameterMismatchException({
            message: "The request uses the same client token as a previous, but non-identical request.",
          });
        }
      }
      const keys = placed.flatMap((each) => (each.key ? [printKey(each.key)] : []));
      if (new Set(keys).size !== keys.length) {
        throw validationException("Transaction request cannot include multiple operations on one item");
      }
      const outcomes: Outcome[] = [];
      for (const each of placed) outcomes.push(await decideAction(tx, each));
      requireAllPossible(outcomes.map((outcome) => outcome.reason));

      const consumed = new Map<TableRow, Units>();
      const collections = byName<ItemCollectionMetrics[]>();
      for (const [at, each] of placed.entries()) {
        const units = consumed.get(each.table) ?? new Units();
        consumed.set(each.table, units);
        applyAction(tx, each, outcomes[at]!, units);
        const collection = describeCollection(input.ReturnItemCollectionMetrics, each.table, each.action.item);
        if (collection) (collections[each.action.nameOrArn] ??= []).push(collection);
      }
      if (token !== undefined) {
        const expiresAt = now + tokenLifetimeMs;
        tx.put(transactionTokens, { token, fingerprint, expiresAt });
        tx.schedule(expireTransactionToken, { token }, { at: expiresAt, id: token });
      }
      const capacities = [...consumed].flatMap(
        ([table, units]) => describeUnits(input.ReturnConsumedCapacity, table, units, "WriteCapacityUnits") ?? [],
      );
      return {
        ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
        ...(Object.keys(collections).length > 0 && { ItemCollectionMetrics: collections }),
      };
    });
  };
}

function fingerprintOf(input: TransactWriteItemsInput): string {
  const text = JSON.stringify(input.TransactItems, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
  return hash("sha256", text, "base64");
}
