import { AwsError } from "../../../api/aws-error.ts";
import { emptyItem, typeOf } from "../items/attribute-value.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import { canonicalNumber } from "../items/number.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import type { ValueOperand } from "../expressions/ast.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { CollectionExpression, Expression } from "./ast.ts";
import { unsupportedAt } from "./refusals.ts";

/** AWS's limit on documents, counted for literals from the attribute that holds them. */
const maxDepth = 32;

/** A statement's values, literals and parameters alike, under the names by which conditions and updates refer to them. */
export class Bindings {
  readonly #parameters: readonly AttributeValue[];
  readonly #values = new Map<string, AttributeValue>();

  constructor(parameters: readonly AttributeValue[]) {
    this.#parameters = parameters;
  }

  get values(): ExpressionValues {
    return this.#values;
  }

  bind(value: AttributeValue): ValueOperand {
    const name = `:${this.#values.size}`;
    this.#values.set(name, value);
    return { kind: "value", name };
  }

  /** The value of an expression that needs no item, or undefined when it does. @throws ValidationException */
  constant(expression: Expression): AttributeValue | undefined {
    switch (expression.kind) {
      case "parameter":
        return this.#parameters[expression.at];
      case "string":
      case "number":
      case "boolean":
      case "null":
      case "list":
      case "bag":
      case "row":
      case "tuple":
        return literalValue(expression, "root", 0);
      default:
        return undefined;
    }
  }
}

/** @throws ValidationException when a value cannot be stored; `place` tells where in the document it is: `root.a[0]` */
function literalValue(expression: Expression, place: string, depth: number): AttributeValue {
  if (depth >= maxDepth) throw validationException(`Nesting Levels have exceeded supported limits under ${place}`);
  switch (expression.kind) {
    case "string":
      return { S: expression.text };
    case "number":
      return { N: numberAt(expression.text, place) };
    case "boolean":
      return { BOOL: expression.value };
    case "null":
      return { NULL: true };
    case "list":
    case "row":
      return { L: expression.members.map((member, at) => literalValue(member, `${place}[${at}]`, depth + 1)) };
    case "bag":
      return setValue(expression, place);
    case "tuple": {
      const members = emptyItem();
      for (const { name, value } of expression.members) {
        if (name.kind !== "string") throw unsupportedValue(name, place);
        members[name.text] = literalValue(value, `${place}.${name.text}`, depth + 1);
      }
      return { M: members };
    }
    default:
      throw unsupportedValue(expression, place);
  }
}

function numberAt(text: string, place: string): string {
  try {
    return canonicalNumber(text);
  } catch (error) {
    if (error instanceof AwsError) throw validationException(`${error.message} under ${place}`);
    throw error;
  }
}

function setValue({ members }: CollectionExpression, place: string): AttributeValue {
  if (members.length === 0) throw validationException("Empty bags are not supported");
  const strings = members.flatMap((member) => (member.kind === "string" ? [member.text] : []));
  if (strings.length === members.length) {
    if (new Set(strings).size === strings.length) return { SS: strings };
    throw invalidParameter(`Input collection [${strings.join(", ")}] contains duplicates.`);
  }
  const written = members.flatMap((member) => (member.kind === "number" ? [member.text] : []));
  if (written.length !== members.length) {
    const parameter = members.find((member) => member.kind === "parameter");
    if (parameter) throw unsupportedValue(parameter, place);
    throw validationException("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  }
  const numbers = written.map((text) => numberAt(text, place));
  if (new Set(numbers).size === numbers.length) return { NS: numbers };
  // The exclamation mark is AWS's.
  throw invalidParameter(`Input collection [${written.join(", ")}] contains duplicates! under ${place}`);
}

const nodeNames: Partial<Record<Expression["kind"], string>> = {
  parameter: "Parameter",
  path: "VariableReference",
  missing: "LiteralMissing",
  statement: "Select",
};

function unsupportedValue(expression: Expression, place: string): Error {
  const name = nodeNames[expression.kind] ?? "NAry";
  return unsupportedAt(`Unsupported data type: ${name} under key ${place}`, expression.position);
}

/** @throws ValidationException naming the operator and the type that it does not take */
export function incorrectOperand(operator: string, type: string): Error {
  return validationException(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

const ordered: ReadonlySet<string> = new Set(["S", "N", "B"]);

/** @throws ValidationException when values of this type have no order */
export function requireOrdered(operator: string, value: AttributeValue): void {
  const type = typeOf(value);
  if (!ordered.has(type)) throw incorrectOperand(operator, type);
}
