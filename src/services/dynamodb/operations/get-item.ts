import type { DynamoDBApi, GetItemOutput } from "../../../api/dynamodb/types.ts";
import { withJsonText } from "../../../kernel/json-text.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { projectItem } from "../expressions/projection.ts";
import { checkItem } from "../items/check-value.ts";
import { describeUnits, readUnits, Units } from "../items/consumed-capacity.ts";
import type { ItemRow } from "../items/item-row.ts";
import { itemKey, requireKey } from "../items/keys.ts";
import { items } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import { projectAttributes, refuseMixing } from "../legacy/legacy-parameters.ts";

/**
 * Every read is consistent here, asked for or not; what it costs follows ConsistentRead, as on AWS.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
 */
export function getItem(cache: ExpressionCache): Handler<DynamoDBApi["GetItem"]> {
  return async (input, ctx) => {
    const { ProjectionExpression, AttributesToGet } = input;
    refuseMixing({ AttributesToGet }, { ProjectionExpression });
    const lookup = checkItem(input.Key);
    const expressions = new Expressions(cache, input, { ProjectionExpression });
    const tree =
      ProjectionExpression === undefined
        ? projectAttributes(AttributesToGet)
        : expressions.projection(ProjectionExpression).tree;
    expressions.finish();

    return ctx.read(async (snapshot) => {
      const table = await requireTable(snapshot, input.TableName, ctx);
      requireKey(table, lookup);
      const found = await snapshot.get(items, itemKey(table, lookup));
      const units = new Units();
      units.addToTable(readUnits(found?.size ?? 0, input.ConsistentRead));
      const capacity = describeUnits(input.ReturnConsumedCapacity, table, units);
      if (found && !tree && !capacity) return wholeItem(found);
      return {
        ...(found && { Item: (tree ? projectItem(found.item, tree) : found.item) as never }),
        ...(capacity && { ConsumedCapacity: capacity }),
      };
    });
  };
}

/** The answer to most reads: the item as it is stored, which is as the wire has it. */
function wholeItem(row: ItemRow): GetItemOutput {
  const output = {
    get Item() {
      return row.item as NonNullable<GetItemOutput["Item"]>;
    },
  };
  return withJsonText(output, () => `{"Item":${row.wireText}}`);
}
