import type { DynamoDBApi, Get, ItemResponse } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { projectItem } from "../expressions/projection.ts";
import type { ProjectionTree } from "../expressions/projection.ts";
import type { Item } from "../items/attribute-value.ts";
import { requireAllPossible } from "../items/cancel-transaction.ts";
import { checkItem } from "../items/check-value.ts";
import { describeUnits, readUnits, Units } from "../items/consumed-capacity.ts";
import { itemKey, requireKey } from "../items/keys.ts";
import { printKey } from "../items/print-key.ts";
import { reasonOf } from "../items/transact-action.ts";
import { transactionConflict } from "../items/transactions-in-flight.ts";
import type { TransactionsInFlight } from "../items/transactions-in-flight.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { TableRow } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";

const maxBytes = 4 * 1024 * 1024;

interface TransactGet {
  readonly nameOrArn: string;
  readonly key: Item;
  readonly tree: ProjectionTree | undefined;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export function transactGetItems(
  cache: ExpressionCache,
  inFlight: TransactionsInFlight,
): Handler<DynamoDBApi["TransactGetItems"]> {
  return async (input, ctx) => {
    const gets = input.TransactItems.map(({ Get: get }) => readGet(cache, get));
    return ctx.read(async (snapshot) => {
      const found: TableRow[] = [];
      for (const get of gets) found.push(await requireTable(snapshot, get.nameOrArn, ctx));
      requireAllPossible(gets.map((get, at) => reasonOf(() => requireKey(found[at]!, get.key))));
      const keys = gets.map((get, at) => itemKey(found[at]!, get.key));
      if (new Set(keys.map(printKey)).size !== keys.length) {
        throw validationException("Transaction request cannot include multiple operations on one item");
      }
      requireAllPossible(keys.map((key) => (inFlight.holds(ctx, key) ? transactionConflict : { Code: "None" })));
      const responses: ItemResponse[] = [];
      const consumed = new Map<TableRow, Units>();
      let bytes = 0;
      for (const [at, { tree }] of gets.entries()) {
        const table = found[at]!;
        const row = await snapshot.get(items, keys[at]!);
        bytes += row?.size ?? 0;
        if (bytes > maxBytes) {
          throw validationException("Transaction response size has exceeded the maximum allowed size of 4 MB");
        }
        const units = consumed.get(table) ?? new Units();
        consumed.set(table, units);
        units.addToTable(2 * readUnits(row?.size ?? 0, true));
        responses.push(row ? { Item: (tree ? projectItem(row.item, tree) : row.item) as never } : {});
      }
      const capacities = [...consumed].flatMap(
        ([table, units]) => describeUnits(input.ReturnConsumedCapacity, table, units, "ReadCapacityUnits") ?? [],
      );
      return { Responses: responses, ...(capacities.length > 0 && { ConsumedCapacity: capacities }) };
    });
  };
}

function readGet(cache: ExpressionCache, get: Get): TransactGet {
  const { ProjectionExpression } = get;
  const key = checkItem(get.Key);
  const expressions = new Expressions(cache, get, { ProjectionExpression });
  const tree = ProjectionExpression === undefined ? undefined : expressions.projection(ProjectionExpression).tree;
  expressions.finish();
  return { nameOrArn: get.TableName, key, tree };
}
