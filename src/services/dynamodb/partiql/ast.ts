/** Where something stands in a statement: line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** As AWS prints places in messages: `at 1:8:5`. */
export function printPosition({ line, column, length }: Position): string {
  return `at ${line}:${column}:${length}`;
}

interface Node {
  readonly position: Position;
}

export interface NumberLiteral extends Node {
  readonly kind: "number";
  /** As written, with its sign. */
  readonly text: string;
}

export interface PathExpression extends Node {
  readonly kind: "path";
  readonly path: readonly [string, ...(string | number)[]];
}

export interface ParameterExpression extends Node {
  readonly kind: "parameter";
  /** Counts from 0. */
  readonly at: number;
}

export interface CollectionExpression extends Node {
  /** `[…]`, `<<…>>` and, of two or more in parentheses, `(…)`. */
  readonly kind: "list" | "bag" | "row";
  readonly members: readonly Expression[];
}

export interface TupleExpression extends Node {
  readonly kind: "tuple";
  readonly members: readonly { readonly name: Expression; readonly value: Expression }[];
}

export interface CallExpression extends Node {
  readonly kind: "call";
  /** As written. */
  readonly name: string;
  readonly operands: readonly Expression[];
}

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Arithmetic = "+" | "-" | "*" | "/" | "%" | "||";

export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: Comparator | Arithmetic | "AND" | "OR" | "LIKE";
  readonly left: Expression;
  readonly right: Expression;
}

export interface BetweenExpression extends Node {
  readonly kind: "between";
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export interface InExpression extends Node {
  readonly kind: "in";
  readonly operand: Expression;
  readonly members: Expression;
}

export interface IsExpression extends Node {
  readonly kind: "is";
  readonly operand: Expression;
  /** In upper case: `NULL`, `MISSING`, `STRING`. */
  readonly type: string;
}

export type Expression =
  | NumberLiteral
  | PathExpression
  | ParameterExpression
  | CollectionExpression
  | TupleExpression
  | CallExpression
  | BinaryExpression
  | BetweenExpression
  | InExpression
  | IsExpression
  | ({ readonly kind: "string"; readonly text: string } & Node)
  | ({ readonly kind: "boolean"; readonly value: boolean } & Node)
  | ({ readonly kind: "null" | "missing" | "star" } & Node)
  | ({ readonly kind: "not" | "sign"; readonly operand: Expression } & Node)
  | ({ readonly kind: "statement"; readonly statement: Statement } & Node);

/** A table, or one of its indexes. */
export interface Source extends Node {
  /** One name for a table, two for an index. */
  readonly names: readonly string[];
}

export interface OrderTerm {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface SelectStatement extends Node {
  readonly kind: "select";
  readonly projection: "all" | readonly Expression[];
  readonly source: Source;
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderTerm[];
}

export interface InsertStatement extends Node {
  readonly kind: "insert";
  readonly source: Source;
  readonly value: Expression;
}

export type Change =
  | { readonly kind: "set"; readonly target: PathExpression; readonly value: Expression }
  | { readonly kind: "remove"; readonly target: PathExpression };

/** `ALL OLD`, … */
export interface Returning {
  readonly extent: "ALL" | "MODIFIED";
  readonly image: "OLD" | "NEW";
}

export interface UpdateStatement extends Node {
  readonly kind: "update";
  readonly source: Source;
  readonly changes: readonly Change[];
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

export interface DeleteStatement extends Node {
  readonly kind: "delete";
  readonly source: Source;
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

/** `EXISTS(SELECT …)` on its own, the condition check of transactions. */
export interface ExistsStatement extends Node {
  readonly kind: "exists";
  readonly select: SelectStatement;
}

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement;
export type Statement = SelectStatement | WriteStatement | ExistsStatement;

export interface ParsedStatement {
  readonly statement: Statement;
  /** How many `?` it has. */
  readonly parameters: number;
}
