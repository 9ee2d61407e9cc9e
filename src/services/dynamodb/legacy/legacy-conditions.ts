import type {
  ComparisonOperator,
  Condition as LegacyCondition,
  ConditionalOperator,
  ExpectedAttributeValue,
} from "../../../api/dynamodb/types.ts";
import type { Comparator, Condition, ValueOperand } from "../expressions/ast.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { typeOf } from "../items/attribute-value.ts";
import type { AttributeType, AttributeValue } from "../items/attribute-value.ts";
import { checkValue } from "../items/check-value.ts";
import { invalidParameter, validationException } from "../refusals.ts";

const scalars: readonly AttributeType[] = ["S", "N", "B"];
const containable: readonly AttributeType[] = ["S", "N", "B", "BOOL", "NULL"];

/** How many arguments an operator takes, and of which types. */
const operators: Readonly<
  Record<
    ComparisonOperator,
    { readonly least: number; readonly most: number; readonly types?: readonly AttributeType[] }
  >
> = {
  EQ: { least: 1, most: 1 },
  NE: { least: 1, most: 1 },
  LE: { least: 1, most: 1, types: scalars },
  LT: { least: 1, most: 1, types: scalars },
  GE: { least: 1, most: 1, types: scalars },
  GT: { least: 1, most: 1, types: scalars },
  NOT_NULL: { least: 0, most: 0 },
  NULL: { least: 0, most: 0 },
  CONTAINS: { least: 1, most: 1, types: containable },
  NOT_CONTAINS: { least: 1, most: 1, types: containable },
  BEGINS_WITH: { least: 1, most: 1, types: ["S", "B"] },
  IN: { least: 1, most: Number.POSITIVE_INFINITY, types: scalars },
  BETWEEN: { least: 2, most: 2, types: scalars },
};

const comparators: Readonly<Partial<Record<ComparisonOperator, Comparator>>> = {
  EQ: "=",
  NE: "<>",
  LE: "<=",
  LT: "<",
  GE: ">=",
  GT: ">",
};

const indexable: readonly ComparisonOperator[] = ["EQ", "LE", "LT", "GE", "GT", "BEGINS_WITH", "BETWEEN"];

/** Reads `KeyConditions`. @throws ValidationException as AWS words it */
export function readKeyConditions(
  conditions: Readonly<Record<string, LegacyCondition>> | undefined,
): BoundCondition | undefined {
  for (const { ComparisonOperator: operator } of Object.values(conditions ?? {})) {
    if (!indexable.includes(operator)) {
      throw validationException("Attempted conditional constraint is not an indexable operation");
    }
  }
  return readConditions(conditions, undefined);
}

/**
 * Reads `QueryFilter` or `ScanFilter`.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Condition.html
 */
export function readConditions(
  conditions: Readonly<Record<string, LegacyCondition>> | undefined,
  operator: ConditionalOperator | undefined,
): BoundCondition | undefined {
  return bind(conditions, operator, (condition, name, add) =>
    test(name, condition.ComparisonOperator, condition.AttributeValueList ?? [], add),
  );
}

/**
 * Reads `Expected`.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.Expected.html
 */
export function readExpected(
  expected: Readonly<Record<string, ExpectedAttributeValue>> | undefined,
  operator: ConditionalOperator | undefined,
): BoundCondition | undefined {
  return bind(expected, operator, (attribute, name, add) => {
    const { ComparisonOperator: comparison, AttributeValueList: list, Value: value, Exists: exists } = attribute;
    if (comparison !== undefined) {
      if (exists !== undefined) {
        throw invalidParameter(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
      }
      if (list && value) {
        throw invalidParameter(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
      }
      return test(name, comparison, list ?? (value ? [value] : []), add);
    }
    if (list) {
      throw invalidParameter(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`);
    }
    if (exists === false) {
      if (value) throw invalidParameter(`Value cannot be used when Exists is false for Attribute: ${name}`);
      return test(name, "NULL", [], add);
    }
    if (!value) {
      throw invalidParameter(`Value must be provided when Exists is ${exists ?? "null"} for Attribute: ${name}`);
    }
    return test(name, "EQ", [value], add);
  });
}

type AddValue = (value: unknown) => ValueOperand;

function bind<Given>(
  given: Readonly<Record<string, Given>> | undefined,
  operator: ConditionalOperator | undefined,
  read: (condition: Given, name: string, add: AddValue) => Condition,
): BoundCondition | undefined {
  const entries = Object.entries(given ?? {});
  if (operator !== undefined && entries.length === 0) {
    throw invalidParameter("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (operator !== undefined && entries.length === 1) {
    throw invalidParameter("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  const values = new Map<string, AttributeValue>();
  const add: AddValue = (value) => {
    const name = `:${values.size}`;
    values.set(name, checkValue(value));
    return { kind: "value", name };
  };
  const members = entries.map(([name, condition]) => read(condition, name, add));
  if (members.length === 0) return undefined;
  const kind = operator === "OR" ? "or" : "and";
  return { condition: members.length === 1 ? members[0]! : { kind, members }, values };
}

function test(name: string, operator: ComparisonOperator, given: readonly unknown[], add: AddValue): Condition {
  const { least, most, types } = operators[operator];
  if (given.length < least || given.length > most) {
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  for (const value of types ? given : []) {
    const type = typeOf(checkValue(value));
    if (!types!.includes(type)) {
      throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
    }
  }
  const path = { kind: "path", path: [name] } as const;
  const arguments_ = given.map(add);
  const [first, second] = arguments_ as [ValueOperand, ValueOperand];
  const comparator = comparators[operator];
  if (comparator) return { kind: "compare", comparator, left: path, right: first };
  const call = (function_: (Condition & { kind: "function" })["name"], ...more: ValueOperand[]): Condition => ({
    kind: "function",
    name: function_,
    operands: [path, ...more],
  });
  switch (operator) {
    case "NULL":
      return call("attribute_not_exists");
    case "NOT_NULL":
      return call("attribute_exists");
    case "CONTAINS":
      return call("contains", first);
    case "NOT_CONTAINS":
      return { kind: "not", member: call("contains", first) };
    case "BEGINS_WITH":
      return call("begins_with", first);
    case "IN":
      return { kind: "in", operand: path, members: arguments_ };
    case "BETWEEN":
      return { kind: "between", operand: path, low: first, high: second };
    default:
      throw validationException(`Unsupported ComparisonOperator: ${operator}`);
  }
}
