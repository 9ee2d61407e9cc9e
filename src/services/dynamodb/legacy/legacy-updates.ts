import type { AttributeValueUpdate } from "../../../api/dynamodb/types.ts";
import type { UpdateAction } from "../expressions/ast.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import { typeOf } from "../items/attribute-value.ts";
import type { AttributeType, AttributeValue } from "../items/attribute-value.ts";
import { checkValue } from "../items/check-value.ts";
import { invalidParameter } from "../refusals.ts";

export interface BoundUpdate {
  readonly actions: readonly UpdateAction[];
  readonly values: ExpressionValues;
}

const sets: readonly AttributeType[] = ["SS", "NS", "BS"];

/**
 * Reads `AttributeUpdates` as the actions of an update expression.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
 */
export function readAttributeUpdates(
  updates: Readonly<Record<string, AttributeValueUpdate>> | undefined,
): BoundUpdate | undefined {
  if (updates === undefined) return undefined;
  const values = new Map<string, AttributeValue>();
  const actions = Object.entries(updates).map(([name, { Action: action = "PUT", Value: given }]): UpdateAction => {
    if (given === undefined) {
      if (action === "DELETE") return { kind: "remove", path: [name] };
      throw invalidParameter(`Only DELETE action is allowed when no attribute value is specified`);
    }
    const value = checkValue(given);
    const type = typeOf(value);
    const operand = { kind: "value", name: `:${values.size}` } as const;
    values.set(operand.name, value);
    if (action === "PUT") return { kind: "set", path: [name], value: operand };
    if (action === "DELETE") {
      if (!sets.includes(type)) throw notSupported(action, type);
      return { kind: "delete", path: [name], value: operand };
    }
    if (type === "L") {
      const empty = { kind: "value", name: ":empty" } as const;
      values.set(empty.name, { L: [] });
      const first = { kind: "if_not_exists", path: { kind: "path", path: [name] }, otherwise: empty } as const;
      return { kind: "set", path: [name], value: { kind: "list_append", first, second: operand } };
    }
    if (type !== "N" && !sets.includes(type)) throw notSupported(action, type);
    return { kind: "add", path: [name], value: operand };
  });
  return { actions, values };
}

function notSupported(action: string, type: AttributeType): Error {
  return invalidParameter(`Action ${action} is not supported for the type ${type}`);
}
