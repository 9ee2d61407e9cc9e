/** A parsed template: what is written out in order. */
export type Template = readonly Node[];

export type Node = TextNode | ReferenceNode | SetNode | IfNode | ForeachNode | StopNode | BreakNode;

export interface TextNode {
  readonly kind: "text";
  readonly text: string;
}

/** `$name.property.method(argument)[index]`, in any of its forms. */
export interface ReferenceNode {
  readonly kind: "reference";
  readonly name: string;
  readonly steps: readonly Step[];
  /** `$!name`: nothing is written where there is no value. */
  readonly quiet: boolean;
  /** As it stands in the template: what is written where there is no value. */
  readonly source: string;
}

export type Step =
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "method"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "index"; readonly index: Expression };

export interface SetNode {
  readonly kind: "set";
  readonly name: string;
  /** Names below it: of `$context.responseOverride.status` the last two. Only host objects can be asked so. */
  readonly path: readonly string[];
  readonly value: Expression;
}

export interface IfNode {
  readonly kind: "if";
  /** `#if` and each `#elseif`, in order. */
  readonly branches: readonly { readonly condition: Expression; readonly body: Template }[];
  readonly otherwise: Template;
}

export interface ForeachNode {
  readonly kind: "foreach";
  readonly name: string;
  readonly over: Expression;
  readonly body: Template;
}

export interface StopNode {
  readonly kind: "stop";
}

export interface BreakNode {
  readonly kind: "break";
}

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  /** A string in double quotes: a template of its own. */
  | { readonly kind: "interpolation"; readonly template: Template }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "range"; readonly from: Expression; readonly to: Expression }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | ReferenceNode;

/** A template that cannot be read, or that uses what is not built. */
export class VtlError extends Error {
  override readonly name = "VtlError";
  /** Of the character at which it went wrong, from 1. */
  readonly line: number;
  readonly column: number;
  /** Velocity has it, Virga does not have it yet. */
  readonly unsupported: boolean;

  constructor(message: string, source: string, at: number, unsupported = false) {
    const before = source.slice(0, at).split("\n");
    super(`${message} (line ${before.length}, column ${before.at(-1)!.length + 1})`);
    this.line = before.length;
    this.column = before.at(-1)!.length + 1;
    this.unsupported = unsupported;
  }
}
