import { compareValues, printValue, typeOf } from "../items/attribute-value.ts";
import type { AttributeType, AttributeValue } from "../items/attribute-value.ts";
import type { Condition, ConditionFunction, ConditionOperand } from "../expressions/ast.ts";
import { validationException } from "../refusals.ts";
import type { BinaryExpression, CallExpression, Comparator, Expression, InExpression, IsExpression } from "./ast.ts";
import { incorrectOperand, requireOrdered } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { unsupportedAt } from "./refusals.ts";

const maxInOperands = 100;
const unsized: ReadonlySet<AttributeType> = new Set<AttributeType>(["N", "BOOL", "NULL"]);
const attributeTypes: ReadonlySet<string> = new Set(["S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"]);

const functions: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

/** PartiQL's types as those of attributes. */
const typesOfIs: Readonly<Record<string, readonly AttributeType[]>> = {
  NULL: ["NULL"],
  BOOL: ["BOOL"],
  BOOLEAN: ["BOOL"],
  SMALLINT: ["N"],
  INT: ["N"],
  INTEGER: ["N"],
  INT4: ["N"],
  INT8: ["N"],
  FLOAT: ["N"],
  REAL: ["N"],
  DOUBLE: ["N"],
  DECIMAL: ["N"],
  NUMERIC: ["N"],
  STRING: ["S"],
  CHAR: ["S"],
  CHARACTER: ["S"],
  VARCHAR: ["S"],
  BLOB: ["B"],
  LIST: ["L"],
  TUPLE: ["M"],
  STRUCT: ["M"],
  BAG: ["SS", "NS", "BS"],
};

/**
 * A WHERE clause as a condition of the room's own kind.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
 */
export function compileCondition(expression: Expression, bindings: Bindings): Condition {
  const condition = findCondition(expression, bindings);
  if (condition) return condition;
  throw unsupportedAt("Unsupported expression in where clause", expression.position);
}

/** The condition that an expression is, or undefined when it is a value. */
function findCondition(expression: Expression, bindings: Bindings): Condition | undefined {
  switch (expression.kind) {
    case "not":
      return { kind: "not", member: compileCondition(expression.operand, bindings) };
    case "binary":
      return compileBinary(expression, bindings);
    case "between": {
      const operand = compileOperand(expression.operand, bindings);
      const low = compileOperand(expression.low, bindings);
      const high = compileOperand(expression.high, bindings);
      requireBounds(low, high, bindings);
      return { kind: "between", operand, low, high };
    }
    case "in":
      return compileIn(expression, bindings);
    case "is":
      return compileIs(expression, bindings);
    case "call":
      return expression.name.toLowerCase() === "size" ? undefined : compileCall(expression, bindings);
    default:
      return undefined;
  }
}

function compileBinary(expression: BinaryExpression, bindings: Bindings): Condition | undefined {
  const { operator, left, right } = expression;
  switch (operator) {
    case "AND":
    case "OR": {
      const members = chainOf(expression, operator).map((member) => compileCondition(member, bindings));
      return { kind: operator === "AND" ? "and" : "or", members };
    }
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compileComparison(operator, left, right, bindings);
    case "LIKE":
      throw unsupportedAt("Unsupported operator: LIKE", expression.position);
    default:
      return undefined;
  }
}

/** `a AND b AND c` as one list: chains may be longer than the stack is deep. */
function chainOf(expression: BinaryExpression, operator: "AND" | "OR"): Expression[] {
  const members: Expression[] = [];
  let rest: Expression = expression;
  while (rest.kind === "binary" && rest.operator === operator) {
    members.push(rest.right);
    rest = rest.left;
  }
  members.push(rest);
  return members.toReversed();
}

function compileComparison(comparator: Comparator, left: Expression, right: Expression, bindings: Bindings): Condition {
  const one = compileComparable(left, bindings);
  const other = compileComparable(right, bindings);
  if (comparator !== "=" && comparator !== "<>") {
    for (const operand of [one, other]) {
      if (operand.kind === "truth") throw incorrectOperand(comparator, "BOOL");
      if (operand.kind === "value") requireOrdered(comparator, bindings.values.get(operand.name)!);
    }
  }
  return { kind: "compare", comparator, left: one, right: other };
}

/** Conditions may be compared like booleans: `attribute_exists(a) = true`. */
function compileComparable(expression: Expression, bindings: Bindings): ConditionOperand {
  const condition = findCondition(expression, bindings);
  return condition ? { kind: "truth", of: condition } : compileOperand(expression, bindings);
}

function requireBounds(low: ConditionOperand, high: ConditionOperand, bindings: Bindings): void {
  const values = [low, high].map((operand) =>
    operand.kind === "value" ? bindings.values.get(operand.name) : undefined,
  );
  for (const value of values) if (value) requireOrdered("BETWEEN", value);
  const [lower, upper] = values;
  if (!lower || !upper) return;
  const bounds = `lower bound operand: AttributeValue: ${printValue(lower)}, upper bound operand: AttributeValue: ${printValue(upper)}`;
  const order = compareValues(lower, upper);
  if (order === undefined) {
    throw validationException(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    throw validationException(
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

/** The members that stand after IN. A single one in parentheses is parsed as itself. */
export function membersOf({ members }: InExpression): readonly Expression[] {
  return members.kind === "list" || members.kind === "bag" || members.kind === "row" ? members.members : [members];
}

function compileIn(expression: InExpression, bindings: Bindings): Condition {
  const members = membersOf(expression);
  if (members.length > maxInOperands) {
    throw validationException(
      `The IN operator is provided with too many operands; number of operands: ${members.length}`,
    );
  }
  const operand = compileComparable(expression.operand, bindings);
  return { kind: "in", operand, members: members.map((member) => compileOperand(member, bindings)) };
}

function compileIs({ operand, type, position }: IsExpression, bindings: Bindings): Condition {
  const compiled = compileOperand(operand, bindings);
  if (type === "MISSING") return { kind: "function", name: "attribute_not_exists", operands: [compiled] };
  if (type === "ANY") return { kind: "function", name: "attribute_exists", operands: [compiled] };
  if (!Object.hasOwn(typesOfIs, type)) throw unsupportedAt(`Unsupported type: ${type}`, position);
  const members = typesOfIs[type]!.map((S): Condition => {
    return { kind: "function", name: "attribute_type", operands: [compiled, bindings.bind({ S })] };
  });
  return members.length === 1 ? members[0]! : { kind: "or", members };
}

function compileCall(call: CallExpression, bindings: Bindings): Condition {
  const { name } = requireFunction(call);
  const operands = call.operands.map((operand) => compileOperand(operand, bindings));
  const values = operands.map((operand) => (operand.kind === "value" ? bindings.values.get(operand.name) : undefined));
  switch (name) {
    case "attribute_exists":
    case "attribute_not_exists":
      if (operands[0]!.kind !== "path") {
        throw validationException(`Operator or function requires a document path; operator or function: ${name}`);
      }
      break;
    case "begins_with":
      for (const value of values) {
        if (value && !("S" in value) && !("B" in value)) throw incorrectOperand(name, typeOf(value));
      }
      break;
    case "attribute_type":
      requireTypeName(values[1]);
      break;
  }
  return { kind: "function", name: name as ConditionFunction, operands };
}

function requireFunction(call: CallExpression): { readonly name: string } {
  const name = call.name.toLowerCase();
  if (name === "exists") throw validationException("EXISTS can only be used in ExecuteTransaction write requests.");
  if (!Object.hasOwn(functions, name)) {
    throw unsupportedAt(`Unsupported function: ${call.name}`, call.position);
  }
  const { length } = call.operands;
  if (length !== functions[name]) {
    throw validationException(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${length}`,
    );
  }
  return { name };
}

function requireTypeName(value: AttributeValue | undefined): void {
  if (value === undefined) throw incorrectOperand("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  if (!("S" in value)) throw incorrectOperand("attribute_type", typeOf(value));
  if (attributeTypes.has(value.S)) return;
  // The order of the types is AWS's, and differs from that in condition expressions.
  throw validationException(
    `Invalid attribute type name found; type: ${value.S}, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}`,
  );
}

function compileOperand(expression: Expression, bindings: Bindings): ConditionOperand {
  if (expression.kind === "path") return { kind: "path", path: expression.path };
  if (expression.kind === "call") {
    const { name } = requireFunction(expression);
    const of = compileOperand(expression.operands[0]!, bindings);
    if (name !== "size" || (of.kind !== "path" && of.kind !== "value")) {
      throw validationException(`The function is not allowed to be used this way in an expression; function: ${name}`);
    }
    const value = of.kind === "value" ? bindings.values.get(of.name) : undefined;
    if (value && unsized.has(typeOf(value))) throw incorrectOperand(name, typeOf(value));
    return { kind: "size", of };
  }
  const value = bindings.constant(expression);
  if (value !== undefined) return bindings.bind(value);
  throw unsupportedAt("Unsupported expression in where clause", expression.position);
}
