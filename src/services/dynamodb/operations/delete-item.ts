import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { needsBefore } from "../items/apply-write.ts";
import { checkItem } from "../items/check-value.ts";
import { requireCondition } from "../items/condition-check.ts";
import { describeCollection, describeUnits, Units } from "../items/consumed-capacity.ts";
import { itemKey, requireKey } from "../items/keys.ts";
import { writeItem } from "../items/write-item.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import { readExpected } from "../legacy/legacy-conditions.ts";
import { refuseMixing } from "../legacy/legacy-parameters.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export function deleteItem(cache: ExpressionCache): Handler<DynamoDBApi["DeleteItem"]> {
  return async (input, ctx) => {
    const { ConditionExpression, ReturnValues: returnValues = "NONE" } = input;
    refuseMixing({ Expected: input.Expected, ConditionalOperator: input.ConditionalOperator }, { ConditionExpression });
    if (returnValues !== "NONE" && returnValues !== "ALL_OLD") {
      throw validationException("ReturnValues can only be ALL_OLD or NONE");
    }
    const lookup = checkItem(input.Key);
    const expressions = new Expressions(cache, input, { ConditionExpression });
    const condition =
      expressions.condition("ConditionExpression", ConditionExpression) ??
      readExpected(input.Expected, input.ConditionalOperator);
    expressions.finish();
    const wantsUnits = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== "NONE";
    const wantsBefore = condition !== undefined || returnValues === "ALL_OLD" || wantsUnits;

    return ctx.write(async (tx) => {
      const table = await requireTable(tx, input.TableName, ctx);
      requireKey(table, lookup);
      const key = itemKey(table, lookup);
      const before = wantsBefore || needsBefore(table) ? await tx.get(items, key) : undefined;
      requireCondition(condition, before, input.ReturnValuesOnConditionCheckFailure);
      const units = new Units();
      writeItem(tx, table, key, before, undefined, units);
      const capacity = describeUnits(input.ReturnConsumedCapacity, table, units);
      const collection = describeCollection(input.ReturnItemCollectionMetrics, table, lookup);
      return {
        ...(returnValues === "ALL_OLD" && before && { Attributes: before.item as never }),
        ...(capacity && { ConsumedCapacity: capacity }),
        ...(collection && { ItemCollectionMetrics: collection }),
      };
    });
  };
}
