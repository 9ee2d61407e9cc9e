import { typeOf } from "../items/attribute-value.ts";
import type { UpdateAction, UpdateOperand, UpdateValue } from "../expressions/ast.ts";
import { samePath } from "../expressions/parser.ts";
import { validationException } from "../refusals.ts";
import type { CallExpression, Change, Expression, PathExpression } from "./ast.ts";
import { incorrectOperand } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { unsupportedAt } from "./refusals.ts";

/**
 * The changes of an UPDATE as actions of the room's own kind.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
 */
export function compileChanges(changes: readonly Change[], bindings: Bindings): UpdateAction[] {
  return changes.map((change) => {
    if (change.kind === "remove") return { kind: "remove", path: change.target.path };
    return compileSet(change.target, change.value, bindings);
  });
}

function compileSet(target: PathExpression, value: Expression, bindings: Bindings): UpdateAction {
  if (value.kind === "call") {
    const name = value.name.toUpperCase();
    if (name === "SET_ADD" || name === "SET_DELETE") return compileSetChange(target, value, name, bindings);
  }
  return { kind: "set", path: target.path, value: compileValue(value, bindings) };
}

function compileSetChange(
  target: PathExpression,
  call: CallExpression,
  name: "SET_ADD" | "SET_DELETE",
  bindings: Bindings,
): UpdateAction {
  const [first, second] = requireTwo(call);
  if (first.kind !== "path" || !samePath(first.path, target.path)) {
    throw unsupportedAt(`The first argument to ${name} must equal the assignment value`, call.position);
  }
  const members = bindings.constant(second);
  if (!members || !("SS" in members || "NS" in members || "BS" in members)) {
    throw unsupportedAt(`The second argument to ${name} must be a value with type SET`, first.position);
  }
  return { kind: name === "SET_ADD" ? "add" : "delete", path: target.path, value: bindings.bind(members) };
}

function compileValue(expression: Expression, bindings: Bindings): UpdateValue {
  if (expression.kind !== "binary" || (expression.operator !== "+" && expression.operator !== "-")) {
    return compileOperand(expression, bindings);
  }
  const { operator } = expression;
  const left = compileOperand(expression.left, bindings);
  const right = compileOperand(expression.right, bindings);
  for (const operand of [left, right]) {
    if (operand.kind !== "value") continue;
    const type = typeOf(bindings.values.get(operand.name)!);
    if (type !== "N") throw incorrectOperand(operator, type);
  }
  return { kind: "arithmetic", operator, left, right };
}

function compileOperand(expression: Expression, bindings: Bindings): UpdateOperand {
  if (expression.kind === "path") return { kind: "path", path: expression.path };
  if (expression.kind === "call") {
    if (expression.name.toLowerCase() !== "list_append") {
      throw unsupportedAt(`Unsupported function: ${expression.name}`, expression.position);
    }
    const [first, second] = requireTwo(expression).map((operand) => compileOperand(operand, bindings)) as [
      UpdateOperand,
      UpdateOperand,
    ];
    for (const operand of [first, second]) {
      if (operand.kind !== "value") continue;
      const type = typeOf(bindings.values.get(operand.name)!);
      if (type !== "L") throw incorrectOperand("list_append", type);
    }
    return { kind: "list_append", first, second };
  }
  const value = bindings.constant(expression);
  if (value !== undefined) return bindings.bind(value);
  throw unsupportedAt("Unsupported expression in update", expression.position);
}

function requireTwo(call: CallExpression): readonly [Expression, Expression] {
  if (call.operands.length === 2) return call.operands as unknown as readonly [Expression, Expression];
  throw validationException(
    `Incorrect number of operands for operator or function; operator or function: ${call.name.toLowerCase()}, number of operands: ${call.operands.length}`,
  );
}
