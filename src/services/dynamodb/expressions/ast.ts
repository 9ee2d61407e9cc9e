/** Where an attribute is: names of attributes and map members, indexes into lists. Placeholders are resolved. */
export type DocumentPath = readonly [string, ...(string | number)[]];

export interface PathOperand {
  readonly kind: "path";
  readonly path: DocumentPath;
}

export interface ValueOperand {
  readonly kind: "value";
  /** With its colon: `:v`. */
  readonly name: string;
}

export interface SizeOperand {
  readonly kind: "size";
  readonly of: PathOperand | ValueOperand;
}

/** Whether a condition holds, as a BOOL. Only PartiQL compares conditions. */
export interface TruthOperand {
  readonly kind: "truth";
  readonly of: Condition;
}

export type ConditionOperand = PathOperand | ValueOperand | SizeOperand | TruthOperand;

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type ConditionFunction =
  | "attribute_exists"
  | "attribute_not_exists"
  | "attribute_type"
  | "begins_with"
  | "contains";

export type Condition =
  | { readonly kind: "and" | "or"; readonly members: readonly Condition[] }
  | { readonly kind: "not"; readonly member: Condition }
  | {
      readonly kind: "compare";
      readonly comparator: Comparator;
      readonly left: ConditionOperand;
      readonly right: ConditionOperand;
    }
  | {
      readonly kind: "between";
      readonly operand: ConditionOperand;
      readonly low: ConditionOperand;
      readonly high: ConditionOperand;
    }
  | { readonly kind: "in"; readonly operand: ConditionOperand; readonly members: readonly ConditionOperand[] }
  | { readonly kind: "function"; readonly name: ConditionFunction; readonly operands: readonly ConditionOperand[] };

export type UpdateOperand =
  | PathOperand
  | ValueOperand
  | { readonly kind: "if_not_exists"; readonly path: PathOperand; readonly otherwise: UpdateOperand }
  | { readonly kind: "list_append"; readonly first: UpdateOperand; readonly second: UpdateOperand };

export interface Arithmetic {
  readonly kind: "arithmetic";
  readonly operator: "+" | "-";
  readonly left: UpdateOperand;
  readonly right: UpdateOperand;
}

export type UpdateValue = UpdateOperand | Arithmetic;

export type UpdateAction =
  | { readonly kind: "set"; readonly path: DocumentPath; readonly value: UpdateValue }
  | { readonly kind: "remove"; readonly path: DocumentPath }
  | { readonly kind: "add" | "delete"; readonly path: DocumentPath; readonly value: ValueOperand };

/** As AWS prints paths in messages: `[a, b, [0]]`. */
export function printPath(path: DocumentPath): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}
