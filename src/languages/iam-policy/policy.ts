/**
 * A policy document as written, normalized: single values have become lists.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface PolicyDocument {
  /** Policy variables mean something only in `2012-10-17`. */
  readonly version: "2008-10-17" | "2012-10-17";
  readonly id?: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principal?: PrincipalElement;
  readonly action: NegatableList;
  /** Absent in trust policies. */
  readonly resource?: NegatableList;
  readonly conditions: readonly Condition[];
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface NegatableList {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalElement {
  readonly negated: boolean;
  readonly entries: readonly PrincipalEntry[];
}

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

/** `"Principal": "*"` is read as an entry of type `AWS` with value `*`, which is what it means. */
export interface PrincipalEntry {
  readonly type: PrincipalType;
  readonly value: string;
}

export interface Condition {
  readonly quantifier?: "ForAllValues" | "ForAnyValue";
  readonly operator: ConditionOperator;
  readonly ifExists: boolean;
  /** In lower case: keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const conditionOperators = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
] as const;

export type ConditionOperator = (typeof conditionOperators)[number];

/** Why a text is no policy. `message` is AWS's; `path` and `position` say where, for people. */
export class PolicyError {
  readonly message: string;
  /** `Statement[1].Action[0]`; empty for the document as a whole. */
  readonly path: string;
  /** Offset in the text, where the JSON itself is broken and its place is known. */
  readonly position: number | undefined;

  constructor(message: string, path = "", position?: number) {
    this.message = message;
    this.path = path;
    this.position = position;
  }
}
