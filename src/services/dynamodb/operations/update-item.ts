import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { checkItem } from "../items/check-value.ts";
import { requireCondition } from "../items/condition-check.ts";
import { describeCollection, describeUnits, Units } from "../items/consumed-capacity.ts";
import { itemRow } from "../items/item-row.ts";
import { itemKey, requireKey } from "../items/keys.ts";
import { returnedAttributes } from "../items/returned-attributes.ts";
import { writeItem } from "../items/write-item.ts";
import { requireKeyUntouched, updateItemTo } from "../items/update-item.ts";
import { items } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import { readAttributeUpdates } from "../legacy/legacy-updates.ts";
import type { BoundUpdate } from "../legacy/legacy-updates.ts";
import { readExpected } from "../legacy/legacy-conditions.ts";
import { refuseMixing } from "../legacy/legacy-parameters.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export function updateItem(cache: ExpressionCache): Handler<DynamoDBApi["UpdateItem"]> {
  return async (input, ctx) => {
    const { UpdateExpression, ConditionExpression } = input;
    refuseMixing(
      {
        AttributeUpdates: input.AttributeUpdates,
        Expected: input.Expected,
        ConditionalOperator: input.ConditionalOperator,
      },
      { UpdateExpression, ConditionExpression },
    );
    const lookup = checkItem(input.Key);
    const expressions = new Expressions(cache, input, { UpdateExpression, ConditionExpression });
    const { actions, values } =
      UpdateExpression === undefined
        ? (readAttributeUpdates(input.AttributeUpdates) ?? noUpdate)
        : { actions: expressions.update(UpdateExpression).actions, values: expressions.values };
    const condition =
      expressions.condition("ConditionExpression", ConditionExpression) ??
      readExpected(input.Expected, input.ConditionalOperator);
    expressions.finish();

    return ctx.write(async (tx) => {
      const table = await requireTable(tx, input.TableName, ctx);
      requireKey(table, lookup);
      requireKeyUntouched(table, actions);
      const key = itemKey(table, lookup);
      const before = await tx.get(items, key);
      requireCondition(condition, before, input.ReturnValuesOnConditionCheckFailure);
      const { item, size } = updateItemTo(table, before?.item, lookup, actions, values);
      const units = new Units();
      writeItem(tx, table, key, before, itemRow(key, item, size), units);
      const attributes = returnedAttributes(input.ReturnValues, before?.item, item, actions);
      const capacity = describeUnits(input.ReturnConsumedCapacity, table, units);
      const collection = describeCollection(input.ReturnItemCollectionMetrics, table, lookup);
      return {
        ...(attributes && { Attributes: attributes as never }),
        ...(capacity && { ConsumedCapacity: capacity }),
        ...(collection && { ItemCollectionMetrics: collection }),
      };
    });
  };
}

const noUpdate: BoundUpdate = { actions: [], values: new Map() };
