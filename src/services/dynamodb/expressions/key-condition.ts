import { compareValues, typeOf } from "../items/attribute-value.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import type { KeyAttribute } from "../items/keys.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { Condition, ConditionOperand } from "./ast.ts";
import { beginsWith } from "./condition.ts";
import type { ExpressionValues } from "./parser.ts";

/** What a query asks of the sort key. */
export type SortCondition =
  | { readonly kind: "=" | "<" | "<=" | ">" | ">=" | "begins_with"; readonly value: AttributeValue }
  | { readonly kind: "between"; readonly low: AttributeValue; readonly high: AttributeValue };

export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly sort?: SortCondition;
}

interface NamedCondition {
  readonly name: string;
  readonly test: SortCondition;
}

/**
 * Reads a parsed condition as a key condition: `partition = :v`, and at most one condition on the sort key.
 * @throws ValidationException as AWS words it
 */
export function keyConditionOf(
  condition: Condition,
  values: ExpressionValues,
  partition: KeyAttribute,
  sort: KeyAttribute | undefined,
): KeyCondition {
  const tests = new Map<string, SortCondition>();
  for (const member of flatten(condition)) {
    const { name, test } = readTest(member, values);
    if (tests.has(name)) {
      throw validationException("KeyConditionExpressions must only contain one condition per key");
    }
    tests.set(name, test);
  }
  if (tests.size > 2) throw validationException("Conditions can be of length 1 or 2 only");
  const partitionTest = tests.get(partition.name);
  if (partitionTest === undefined) throw missingKey(partition);
  if (tests.size === 2 && (sort === undefined || !tests.has(sort.name))) {
    if (sort === undefined) throw validationException("Query key condition not supported");
    throw missingKey(sort);
  }
  if (partitionTest.kind !== "=") throw validationException("Query key condition not supported");
  requireType(partition, partitionTest);
  const sortTest = sort && tests.get(sort.name);
  if (sortTest === undefined) return { partition: partitionTest.value };
  requireType(sort!, sortTest);
  return { partition: partitionTest.value, sort: sortTest };
}

function missingKey(key: KeyAttribute): Error {
  return validationException(`Query condition missed key schema element: ${key.name}`);
}

function requireType(key: KeyAttribute, test: SortCondition): void {
  for (const value of test.kind === "between" ? [test.low, test.high] : [test.value]) {
    if (typeOf(value) !== key.type) throw invalidParameter("Condition parameter type does not match schema type");
    if (("S" in value && value.S === "") || ("B" in value && value.B.byteLength === 0)) {
      throw validationException(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${"S" in value ? "string" : "binary"} value. Key: ${key.name}`,
      );
    }
  }
}

function flatten(condition: Condition): readonly Condition[] {
  if (condition.kind !== "and") return [condition];
  return condition.members.flatMap(flatten);
}

function readTest(condition: Condition, values: ExpressionValues): NamedCondition {
  switch (condition.kind) {
    case "compare": {
      const { comparator, left, right } = condition;
      if (comparator === "<>") throw invalidOperator("<>");
      requireOneName([left, right]);
      return left.kind === "path"
        ? { name: nameOf(left), test: { kind: comparator, value: valueOf(right, values) } }
        : { name: nameOf(right), test: { kind: mirrored[comparator], value: valueOf(left, values) } };
    }
    case "between": {
      const { operand, low, high } = condition;
      requireFirst("BETWEEN", [operand, low, high]);
      return {
        name: nameOf(operand),
        test: { kind: "between", low: valueOf(low, values), high: valueOf(high, values) },
      };
    }
    case "function": {
      if (condition.name !== "begins_with") throw invalidOperator(condition.name);
      requireFirst("begins_with", condition.operands);
      const [operand, prefix] = condition.operands as [ConditionOperand, ConditionOperand];
      const value = valueOf(prefix, values);
      return { name: nameOf(operand), test: { kind: "begins_with", value } };
    }
    default:
      throw invalidOperator(condition.kind.toUpperCase());
  }
}

const mirrored = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function invalidOperator(operator: string): Error {
  return validationException(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function requireOneName(operands: readonly ConditionOperand[]): void {
  if (operands.some((operand) => operand.kind === "size")) {
    throw validationException("KeyConditionExpressions cannot contain nested operations");
  }
  const names = operands.filter((operand) => operand.kind === "path").length;
  if (names === 0) {
    throw validationException("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (names > 1) {
    throw validationException(
      "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
  }
}

function requireFirst(operator: string, operands: readonly ConditionOperand[]): void {
  requireOneName(operands);
  if (operands[0]!.kind !== "path") {
    throw validationException(
      `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
    );
  }
}

function nameOf(operand: ConditionOperand): string {
  if (operand.kind !== "path") throw new TypeError("A key condition has been checked to name an attribute.");
  if (operand.path.length > 1) {
    throw validationException("KeyConditionExpressions cannot have conditions on nested attributes");
  }
  return operand.path[0];
}

function valueOf(operand: ConditionOperand, values: ExpressionValues): AttributeValue {
  if (operand.kind !== "value") throw new TypeError("A key condition has been checked to compare with a value.");
  return values.get(operand.name)!;
}

/** Whether a sort key is within what the query asks; for start keys that a client brings. */
export function matchSort(test: SortCondition, value: AttributeValue): boolean {
  if (test.kind === "begins_with") return beginsWith(value, test.value);
  if (test.kind === "between") return compareValues(value, test.low)! >= 0 && compareValues(value, test.high)! <= 0;
  const order = compareValues(value, test.value)!;
  switch (test.kind) {
    case "=":
      return order === 0;
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
