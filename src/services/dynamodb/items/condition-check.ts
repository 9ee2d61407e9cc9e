import { ConditionalCheckFailedException } from "../../../api/dynamodb/errors.ts";
import type { ReturnValuesOnConditionCheckFailure } from "../../../api/dynamodb/types.ts";
import type { ParsedCondition } from "../expressions/condition-parser.ts";
import { meets } from "../expressions/expressions.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import type { ItemRow } from "./item-row.ts";

/** @throws ConditionalCheckFailedException, with the item when that was asked for */
export function requireCondition(
  condition: ParsedCondition | undefined,
  before: ItemRow | undefined,
  values: ExpressionValues,
  returned: ReturnValuesOnConditionCheckFailure | undefined,
): void {
  if (condition === undefined || meets(condition, before?.item, values)) return;
  throw new ConditionalCheckFailedException({
    message: "The conditional request failed",
    ...(returned === "ALL_OLD" && before && { Item: before.item as never }),
  });
}
