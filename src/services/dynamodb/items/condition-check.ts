import { ConditionalCheckFailedException } from "../../../api/dynamodb/errors.ts";
import type { ReturnValuesOnConditionCheckFailure } from "../../../api/dynamodb/types.ts";
import { matchCondition } from "../expressions/condition.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import type { ItemRow } from "./item-row.ts";

/** @throws ConditionalCheckFailedException, with the item when that was asked for */
export function requireCondition(
  condition: BoundCondition | undefined,
  before: ItemRow | undefined,
  returned: ReturnValuesOnConditionCheckFailure | undefined,
): void {
  if (condition === undefined || matchCondition(condition.condition, before?.item, condition.values)) return;
  throw new ConditionalCheckFailedException({
    message: "The conditional request failed",
    ...(returned === "ALL_OLD" && before && { Item: before.item as never }),
  });
}
