import { compileIpRange } from "./ip-range.ts";
import {
  compileArnPattern,
  compilePattern,
  type ContextLookup,
  type ContextValue,
  type PatternOptions,
} from "./pattern.ts";
import type { Condition, ConditionOperator } from "./policy.ts";

export type CompiledCondition = (context: ContextLookup) => boolean;

/** Whether one value of the request matches one value of the policy. */
type Comparison = (given: string, context: ContextLookup) => boolean;

/**
 * Compiles one key of a Condition block.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function compileCondition(condition: Condition, variables: boolean): CompiledCondition {
  if (condition.operator === "Null") return compileNull(condition);
  const { key, ifExists, quantifier } = condition;
  const negated = isNegated(condition.operator);
  const comparisons = condition.values.map((value) => compileComparison(condition.operator, value, variables));
  const holds = (given: string, context: ContextLookup) =>
    comparisons.some((matches) => matches(given, context)) !== negated;
  switch (quantifier) {
    case "ForAllValues":
      return (context) => valuesOf(context(key)).every((given) => holds(given, context));
    case "ForAnyValue":
      return (context) => {
        const values = valuesOf(context(key));
        return values.length === 0 ? ifExists : values.some((given) => holds(given, context));
      };
    case undefined:
      return (context) => {
        const values = valuesOf(context(key));
        // Nothing is equal to a missing value, so that the negated operators hold.
        if (values.length === 0) return ifExists || negated;
        return negated ? values.every((given) => holds(given, context)) : values.some((given) => holds(given, context));
      };
  }
}

function valuesOf(value: ContextValue | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function compileNull({ key, values }: Condition): CompiledCondition {
  const accepted = values.map((value) => value.toLowerCase() === "true");
  return (context) => accepted.includes(valuesOf(context(key)).length === 0);
}

const negatedOperators: ReadonlySet<ConditionOperator> = new Set<ConditionOperator>([
  "StringNotEquals",
  "StringNotEqualsIgnoreCase",
  "StringNotLike",
  "NumericNotEquals",
  "DateNotEquals",
  "NotIpAddress",
  "ArnNotEquals",
  "ArnNotLike",
]);

function isNegated(operator: ConditionOperator): boolean {
  return negatedOperators.has(operator);
}

/** The comparison of the positive operator; `isNegated` operators turn its result round. */
function compileComparison(operator: ConditionOperator, value: string, variables: boolean): Comparison {
  switch (operator) {
    case "StringEquals":
    case "StringNotEquals":
      return compileText(value, { variables, wildcards: false });
    case "StringEqualsIgnoreCase":
    case "StringNotEqualsIgnoreCase":
      return compileText(value, { variables, wildcards: false, ignoreCase: true });
    case "StringLike":
    case "StringNotLike":
      return compileText(value, { variables, wildcards: true });
    case "ArnEquals":
    case "ArnLike":
    case "ArnNotEquals":
    case "ArnNotLike": {
      // AWS documents the two pairs as behaving identically.
      const pattern = compileArnPattern(value, { variables, wildcards: true });
      return (given, context) => pattern.matches(given, context);
    }
    case "NumericEquals":
    case "NumericNotEquals":
      return compileOrder(value, parseNumber, (given, limit) => given === limit);
    case "NumericLessThan":
      return compileOrder(value, parseNumber, (given, limit) => given < limit);
    case "NumericLessThanEquals":
      return compileOrder(value, parseNumber, (given, limit) => given <= limit);
    case "NumericGreaterThan":
      return compileOrder(value, parseNumber, (given, limit) => given > limit);
    case "NumericGreaterThanEquals":
      return compileOrder(value, parseNumber, (given, limit) => given >= limit);
    case "DateEquals":
    case "DateNotEquals":
      return compileOrder(value, parseDate, (given, limit) => given === limit);
    case "DateLessThan":
      return compileOrder(value, parseDate, (given, limit) => given < limit);
    case "DateLessThanEquals":
      return compileOrder(value, parseDate, (given, limit) => given <= limit);
    case "DateGreaterThan":
      return compileOrder(value, parseDate, (given, limit) => given > limit);
    case "DateGreaterThanEquals":
      return compileOrder(value, parseDate, (given, limit) => given >= limit);
    case "Bool":
      return compileText(value, { variables, wildcards: false, ignoreCase: true });
    case "BinaryEquals": {
      const bytes = Buffer.from(value, "base64");
      return (given) => Buffer.from(given, "base64").equals(bytes);
    }
    case "IpAddress":
    case "NotIpAddress": {
      const range = compileIpRange(value);
      return (given) => range !== undefined && range.contains(given);
    }
    case "Null":
      throw new Error("Null compares no values.");
  }
}

function compileText(value: string, options: PatternOptions): Comparison {
  const pattern = compilePattern(value, options);
  return (given, context) => pattern.matches(given, context);
}

function compileOrder(
  value: string,
  parse: (text: string) => number | undefined,
  compare: (given: number, limit: number) => boolean,
): Comparison {
  const limit = parse(value);
  return (text) => {
    const given = parse(text);
    return given !== undefined && limit !== undefined && compare(given, limit);
  };
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

const dateForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds of an ISO 8601 date, or of seconds since the epoch. */
function parseDate(text: string): number | undefined {
  if (/^-?\d+$/.test(text)) return Number(text) * 1000;
  if (!dateForm.test(text)) return undefined;
  // Without a zone AWS means UTC; JavaScript would take local time.
  const time = Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes("T") ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}
