import { asBuffer, compareBytes } from "../../../base/bytes.ts";
import { attributeOf, compareValues, equalValues, typeOf } from "../items/attribute-value.ts";
import type { AttributeValue, Item } from "../items/attribute-value.ts";
import type { Condition, ConditionOperand, DocumentPath } from "./ast.ts";
import type { ExpressionValues } from "./parser.ts";

/** A condition with the values that its placeholders stand for. */
export interface BoundCondition {
  readonly condition: Condition;
  readonly values: ExpressionValues;
}

/** The value at a path, or undefined where the document has none. */
export function valueAt(item: Item | undefined, path: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, path[0]);
  for (let at = 1; at < path.length && value !== undefined; at++) {
    const step = path[at]!;
    if (typeof step === "number") value = "L" in value ? value.L[step] : undefined;
    else value = "M" in value ? attributeOf(value.M, step) : undefined;
  }
  return value;
}

/**
 * Whether an item meets a condition; an absent item has no attributes. What cannot be compared does not match, only `<>`
 * holds for it.
 */
export function matchCondition(condition: Condition, item: Item | undefined, values: ExpressionValues): boolean {
  switch (condition.kind) {
    case "and":
      return condition.members.every((member) => matchCondition(member, item, values));
    case "or":
      return condition.members.some((member) => matchCondition(member, item, values));
    case "not":
      return !matchCondition(condition.member, item, values);
    case "compare": {
      const left = operandValue(condition.left, item, values);
      const right = operandValue(condition.right, item, values);
      if (condition.comparator === "<>") {
        return left === undefined || right === undefined || !equalValues(left, right);
      }
      if (left === undefined || right === undefined) return false;
      if (condition.comparator === "=") return equalValues(left, right);
      const order = compareValues(left, right);
      if (order === undefined) return false;
      switch (condition.comparator) {
        case "<":
          return order < 0;
        case "<=":
          return order <= 0;
        case ">":
          return order > 0;
        case ">=":
          return order >= 0;
      }
    }
    // falls through: every comparator has answered.
    case "between": {
      const value = operandValue(condition.operand, item, values);
      const low = operandValue(condition.low, item, values);
      const high = operandValue(condition.high, item, values);
      if (value === undefined || low === undefined || high === undefined) return false;
      const aboveLow = compareValues(value, low);
      const belowHigh = compareValues(value, high);
      return aboveLow !== undefined && belowHigh !== undefined && aboveLow >= 0 && belowHigh <= 0;
    }
    case "in": {
      const value = operandValue(condition.operand, item, values);
      if (value === undefined) return false;
      return condition.members.some((operand) => {
        const member = operandValue(operand, item, values);
        return member !== undefined && equalValues(value, member);
      });
    }
    case "function":
      return matchFunction(condition.name, condition.operands, item, values);
  }
}

function operandValue(
  operand: ConditionOperand,
  item: Item | undefined,
  values: ExpressionValues,
): AttributeValue | undefined {
  switch (operand.kind) {
    case "path":
      return valueAt(item, operand.path);
    case "value":
      return values.get(operand.name);
    case "size": {
      const value = operandValue(operand.of, item, values);
      const size = value && sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
    case "truth":
      return { BOOL: matchCondition(operand.of, item, values) };
  }
}

/** Characters of a string, bytes of a binary, members of a set, list or map. */
function sizeOf(value: AttributeValue): number | undefined {
  if ("S" in value) return value.S.length;
  if ("B" in value) return value.B.byteLength;
  if ("SS" in value) return value.SS.length;
  if ("NS" in value) return value.NS.length;
  if ("BS" in value) return value.BS.length;
  if ("L" in value) return value.L.length;
  if ("M" in value) return Object.keys(value.M).length;
  return undefined;
}

function matchFunction(
  name: (Condition & { kind: "function" })["name"],
  operands: readonly ConditionOperand[],
  item: Item | undefined,
  values: ExpressionValues,
): boolean {
  const first = operandValue(operands[0]!, item, values);
  if (name === "attribute_exists") return first !== undefined;
  if (name === "attribute_not_exists") return first === undefined;
  const second = operandValue(operands[1]!, item, values);
  if (first === undefined || second === undefined) return false;
  switch (name) {
    case "attribute_type":
      return "S" in second && typeOf(first) === second.S;
    case "begins_with":
      return beginsWith(first, second);
    case "contains":
      return contains(first, second);
  }
}

export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ("S" in value) return "S" in prefix && value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const { byteLength } = prefix.B;
  return value.B.byteLength >= byteLength && compareBytes(value.B.subarray(0, byteLength), prefix.B) === 0;
}

function contains(value: AttributeValue, member: AttributeValue): boolean {
  if ("S" in value) return "S" in member && value.S.includes(member.S);
  if ("B" in value) return "B" in member && asBuffer(value.B).includes(asBuffer(member.B));
  if ("SS" in value) return "S" in member && value.SS.includes(member.S);
  if ("NS" in value) return "N" in member && value.NS.includes(member.N);
  if ("BS" in value) return "B" in member && value.BS.some((bytes) => compareBytes(bytes, member.B) === 0);
  return "L" in value && value.L.some((each) => equalValues(each, member));
}
