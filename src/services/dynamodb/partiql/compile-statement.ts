import type { Condition, UpdateAction } from "../expressions/ast.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { requireDistinctPaths } from "../expressions/overlaps.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import { emptyItem } from "../items/attribute-value.ts";
import type { AttributeValue, Item } from "../items/attribute-value.ts";
import { checkValue } from "../items/check-value.ts";
import { itemBytes, requireItemFits } from "../items/item-size.ts";
import { validationException } from "../refusals.ts";
import type {
  DeleteStatement,
  Expression,
  InsertStatement,
  OrderTerm,
  ParsedStatement,
  PathExpression,
  Returning,
  SelectStatement,
  UpdateStatement,
} from "./ast.ts";
import { Bindings } from "./bindings.ts";
import { compileChanges } from "./compile-changes.ts";
import { compileCondition } from "./compile-condition.ts";
import { unsupportedAt } from "./refusals.ts";
import { readSource } from "./source.ts";
import type { TableSource } from "./source.ts";

export interface CompiledSelect extends TableSource {
  readonly kind: "select";
  /** The paths that are wanted; absent for all. */
  readonly projection?: readonly PathExpression[];
  readonly where?: BoundCondition;
  readonly orderBy: readonly { readonly name: string; readonly descending: boolean }[];
}

interface CompiledWriteBase extends TableSource {
  readonly where?: BoundCondition;
  readonly values: ExpressionValues;
  readonly returning?: Returning;
}

export interface CompiledInsert extends CompiledWriteBase {
  readonly kind: "insert";
  readonly item: Item;
}

export interface CompiledUpdate extends CompiledWriteBase {
  readonly kind: "update";
  readonly actions: readonly UpdateAction[];
}

export interface CompiledDelete extends CompiledWriteBase {
  readonly kind: "delete";
}

/** `EXISTS(SELECT …)`: nothing is written, but the item must be as the clause says. */
export interface CompiledCheck extends CompiledWriteBase {
  readonly kind: "check";
}

export type CompiledWrite = CompiledInsert | CompiledUpdate | CompiledDelete | CompiledCheck;
export type CompiledStatement = CompiledSelect | CompiledWrite;

/** @throws ValidationException when a parameter is malformed; AWS looks at them before it reads the statement */
export function checkParameters(parameters: readonly unknown[] | undefined): readonly AttributeValue[] {
  return (parameters ?? []).map((parameter) => checkValue(parameter));
}

/**
 * A statement together with its parameters, as far as it can be judged without its table.
 * @throws ValidationException as AWS words it
 */
export function compileStatement(
  { statement, parameters: expected }: ParsedStatement,
  parameters: readonly AttributeValue[],
): CompiledStatement {
  if (expected !== parameters.length) {
    throw validationException("Number of parameters in request and statement don't match.");
  }
  const bindings = new Bindings(parameters);
  switch (statement.kind) {
    case "select":
      return compileSelect(statement, bindings);
    case "insert":
      return compileInsert(statement, bindings);
    case "update":
      return compileUpdate(statement, bindings);
    case "delete":
      return compileDelete(statement, bindings);
    case "exists": {
      const { select } = statement;
      const source = readSource(select.source);
      return { kind: "check", ...source, ...boundWhere(select.where, bindings), values: bindings.values };
    }
  }
}

function boundWhere(where: Expression | undefined, bindings: Bindings): { readonly where?: BoundCondition } {
  if (where === undefined) return {};
  const condition: Condition = compileCondition(where, bindings);
  return { where: { condition, values: bindings.values } };
}

function compileSelect(statement: SelectStatement, bindings: Bindings): CompiledSelect {
  const source = readSource(statement.source);
  const { projection } = statement;
  return {
    kind: "select",
    ...source,
    ...(projection !== "all" && { projection: projection.map(requirePath) }),
    ...boundWhere(statement.where, bindings),
    orderBy: statement.orderBy.map(requireOrderName),
  };
}

function requirePath(expression: Expression): PathExpression {
  if (expression.kind === "path") return expression;
  throw unsupportedAt("Unexpected path component", expression.position);
}

function requireOrderName({ expression, descending }: OrderTerm): { name: string; descending: boolean } {
  if (expression.kind === "path" && expression.path.length === 1) return { name: expression.path[0], descending };
  throw unsupportedAt("Unsupported expression in ORDER BY clause", expression.position);
}

function compileInsert({ source: given, value, position }: InsertStatement, bindings: Bindings): CompiledInsert {
  if (given.names.length > 1) throw validationException("FROM clause may only contain a single table name");
  const source = readSource(given);
  if (value.kind !== "tuple") {
    throw unsupportedAt("Unsupported expression in INSERT, expecting VALUE and a tuple", value.position ?? position);
  }
  const item = emptyItem();
  for (const { name, value: member } of value.members) {
    if (name.kind !== "string") throw unsupportedAt("Unsupported attribute name, expecting a string", name.position);
    const attribute = bindings.constant(member);
    if (attribute === undefined) throw unsupportedAt("Unsupported value of an attribute", member.position);
    item[name.text] = attribute;
  }
  requireItemFits(itemBytes(item));
  return { kind: "insert", ...source, item, values: bindings.values };
}

function compileUpdate(statement: UpdateStatement, bindings: Bindings): CompiledUpdate {
  const source = requireTableSource(statement);
  const actions = compileChanges(statement.changes, bindings);
  requireDistinctPaths(actions.map((action) => action.path));
  return {
    kind: "update",
    ...source,
    actions,
    ...boundWhere(statement.where, bindings),
    values: bindings.values,
    ...(statement.returning && { returning: statement.returning }),
  };
}

function compileDelete(statement: DeleteStatement, bindings: Bindings): CompiledDelete {
  const source = requireTableSource(statement);
  const { returning } = statement;
  if (returning && (returning.extent !== "ALL" || returning.image !== "OLD")) {
    throw validationException(
      `Invalid returning clause: RETURNING ${returning.extent} ${returning.image} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    );
  }
  return {
    kind: "delete",
    ...source,
    ...boundWhere(statement.where, bindings),
    values: bindings.values,
    ...(returning && { returning }),
  };
}

function requireTableSource({ source: given }: UpdateStatement | DeleteStatement): TableSource {
  const source = readSource(given);
  if (source.index !== undefined) throw validationException("This operation is not supported on an index");
  return source;
}
