import { compareValues, equalValues, typeOf } from "../items/attribute-value.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import type { KeyAttribute } from "../items/keys.ts";
import type { Condition, ConditionOperand } from "../expressions/ast.ts";
import { beginsWith } from "../expressions/condition.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import type { SortCondition } from "../expressions/key-condition.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import { validationException } from "../refusals.ts";
import type { KeySchemaRow } from "../state.ts";

/** One of the reads that a WHERE clause comes down to: a partition, maybe bounded in its sort keys. */
export interface KeyBranch {
  readonly partition: AttributeValue;
  readonly low?: SortCondition;
  readonly high?: SortCondition;
  /** What else the clause asks within this branch. */
  readonly rest: readonly Condition[];
}

interface Branch {
  readonly partition?: AttributeValue;
  /** Two partitions at once: such a clause finds nothing, and AWS does not read it by key. */
  readonly torn: boolean;
  readonly sorts: readonly SortCondition[];
  readonly rest: readonly Condition[];
}

const maxReads = 50;
/** Clauses of 8,192 characters can multiply out to far more branches than could ever be read. */
const maxBranches = 5000;
const whole: Branch = { torn: false, sorts: [], rest: [] };

/**
 * The reads by key that a WHERE clause comes down to, or undefined when it has to be answered by a scan.
 * @throws ValidationException when there are too many or two of them overlap
 */
export function keyBranches(where: BoundCondition, schema: KeySchemaRow): readonly KeyBranch[] | undefined {
  const branches = keyedOnly(branchesOf(where.condition, where.values, schema));
  if (!branches) return undefined;
  for (const { partition, sorts } of branches) {
    requireType(schema.partition, partition);
    for (const sort of sorts) requireSortType(schema.sort!, sort);
  }
  return requireReadable(branches);
}

/** Refuses clauses by key that could not be read, but not those whose values are no keys of the table. */
export function requireReadableBranches(where: BoundCondition, schema: KeySchemaRow): void {
  const branches = keyedOnly(branchesOf(where.condition, where.values, schema));
  if (branches) requireReadable(branches);
}

type KeyedBranch = Branch & { readonly partition: AttributeValue };

/** Undefined unless every branch is a read by key. */
function keyedOnly(branches: readonly Branch[]): readonly KeyedBranch[] | undefined {
  const keyed = branches.filter((branch): branch is KeyedBranch => branch.partition !== undefined && !branch.torn);
  return keyed.length === branches.length ? keyed : undefined;
}

function requireReadable(branches: readonly KeyedBranch[]): readonly KeyBranch[] {
  if (branches.length > maxReads) throw tooManyReads();
  const keyed = branches.map(({ partition, sorts, rest }) => ({ partition, ...boundsOf(sorts), rest }));
  for (let second = 1; second < keyed.length; second++) {
    for (let first = 0; first < second; first++) requireApart(keyed[first]!, keyed[second]!);
  }
  return keyed;
}

function branchesOf(condition: Condition, values: ExpressionValues, schema: KeySchemaRow): readonly Branch[] {
  if (condition.kind === "and") {
    let branches: readonly Branch[] = [whole];
    for (const member of condition.members) {
      const others = branchesOf(member, values, schema);
      if (branches.length * others.length > maxBranches) throw tooManyReads();
      branches = branches.flatMap((branch) => others.map((other) => join(branch, other)));
    }
    return branches;
  }
  // An OR that has nothing to do with the key stays one filter.
  if (condition.kind === "or" && namesKey(condition, values, schema)) {
    const branches = condition.members.flatMap((member) => branchesOf(member, values, schema));
    if (branches.length > maxBranches) throw tooManyReads();
    return branches;
  }
  return keyTests(condition, values, schema) ?? [{ ...whole, rest: [condition] }];
}

function namesKey(condition: Condition, values: ExpressionValues, schema: KeySchemaRow): boolean {
  if (condition.kind === "and" || condition.kind === "or") {
    return condition.members.some((member) => namesKey(member, values, schema));
  }
  return keyTests(condition, values, schema) !== undefined;
}

function join(a: Branch, b: Branch): Branch {
  const partition = a.partition ?? b.partition;
  const torn =
    a.torn ||
    b.torn ||
    (a.partition !== undefined && b.partition !== undefined && !equalValues(a.partition, b.partition));
  return {
    ...(partition && { partition }),
    torn,
    sorts: [...a.sorts, ...b.sorts],
    rest: [...a.rest, ...b.rest],
  };
}

/** What a single condition says of the key; undefined when it says nothing that a read could use. */
function keyTests(condition: Condition, values: ExpressionValues, schema: KeySchemaRow): readonly Branch[] | undefined {
  const test = testOf(condition, values);
  if (test === undefined) return undefined;
  if (test.name === schema.partition.name) {
    const equals = test.tests.flatMap((each) => (each.kind === "=" ? [each.value] : []));
    if (equals.length !== test.tests.length) return undefined;
    return equals.map((partition) => ({ ...whole, partition }));
  }
  if (test.name !== schema.sort?.name) return undefined;
  return test.tests.map((sort) => ({ ...whole, sorts: [sort] }));
}

interface Test {
  readonly name: string;
  /** Alternatives. */
  readonly tests: readonly SortCondition[];
}

const mirrored = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

/** A condition that compares one attribute with values. */
function testOf(condition: Condition, values: ExpressionValues): Test | undefined {
  const nameOf = (operand: ConditionOperand) =>
    operand.kind === "path" && operand.path.length === 1 ? operand.path[0] : undefined;
  const valueOf = (operand: ConditionOperand) => (operand.kind === "value" ? values.get(operand.name) : undefined);
  switch (condition.kind) {
    case "compare": {
      const { comparator, left, right } = condition;
      if (comparator === "<>") return undefined;
      const swapped = left.kind === "value";
      const name = nameOf(swapped ? right : left);
      const value = valueOf(swapped ? left : right);
      if (name === undefined || value === undefined) return undefined;
      return { name, tests: [{ kind: swapped ? mirrored[comparator] : comparator, value }] };
    }
    case "between": {
      const name = nameOf(condition.operand);
      const low = valueOf(condition.low);
      const high = valueOf(condition.high);
      if (name === undefined || low === undefined || high === undefined) return undefined;
      return { name, tests: [{ kind: "between", low, high }] };
    }
    case "in": {
      const name = nameOf(condition.operand);
      const members = condition.members.flatMap((member) => valueOf(member) ?? []);
      if (name === undefined || members.length !== condition.members.length) return undefined;
      return { name, tests: members.map((value) => ({ kind: "=", value })) };
    }
    case "function": {
      if (condition.name !== "begins_with") return undefined;
      const name = nameOf(condition.operands[0]!);
      const value = valueOf(condition.operands[1]!);
      if (name === undefined || value === undefined) return undefined;
      return { name, tests: [{ kind: "begins_with", value }] };
    }
    default:
      return undefined;
  }
}

function requireSortType(attribute: KeyAttribute, sort: SortCondition): void {
  for (const value of sort.kind === "between" ? [sort.low, sort.high] : [sort.value]) requireType(attribute, value);
}

function requireType({ name, type }: KeyAttribute, value: AttributeValue): void {
  if (typeOf(value) === type) return;
  throw validationException(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
}

interface Bounds {
  readonly low?: SortCondition;
  readonly high?: SortCondition;
}

/** The narrowest bounds that hold under all of the tests. */
function boundsOf(sorts: readonly SortCondition[]): Bounds {
  let low: SortCondition | undefined;
  let high: SortCondition | undefined;
  for (const sort of sorts) {
    const lower = lowerOf(sort);
    const upper = upperOf(sort);
    if (lower && (!low || isAfter(lower, lowerOf(low)!))) low = sort;
    if (upper && (!high || isBefore(upper, upperOf(high)!))) high = sort;
  }
  return { ...(low && { low }), ...(high && { high }) };
}

interface Bound {
  readonly value: AttributeValue;
  readonly inclusive: boolean;
  /** Of an upper bound: everything that begins with the value is still within. */
  readonly prefix: boolean;
}

function lowerOf(sort: SortCondition): Bound | undefined {
  switch (sort.kind) {
    case "<":
    case "<=":
      return undefined;
    case "between":
      return { value: sort.low, inclusive: true, prefix: false };
    default:
      return { value: sort.value, inclusive: sort.kind !== ">", prefix: false };
  }
}

function upperOf(sort: SortCondition): Bound | undefined {
  switch (sort.kind) {
    case ">":
    case ">=":
      return undefined;
    case "between":
      return { value: sort.high, inclusive: true, prefix: false };
    default:
      return { value: sort.value, inclusive: sort.kind !== "<", prefix: sort.kind === "begins_with" };
  }
}

function isAfter(a: Bound, b: Bound): boolean {
  const order = compareValues(a.value, b.value) ?? 0;
  return order > 0 || (order === 0 && !a.inclusive && b.inclusive);
}

function isBefore(a: Bound, b: Bound): boolean {
  if (b.prefix && beginsWith(a.value, b.value)) return true;
  if (a.prefix && beginsWith(b.value, a.value)) return false;
  const order = compareValues(a.value, b.value) ?? 0;
  return order < 0 || (order === 0 && !a.inclusive && b.inclusive);
}

/** Whether everything up to the one bound lies before everything from the other. */
function endsBefore(high: Bound | undefined, low: Bound | undefined): boolean {
  if (!high || !low) return false;
  if (high.prefix && beginsWith(low.value, high.value)) return false;
  const order = compareValues(high.value, low.value) ?? 0;
  return order < 0 || (order === 0 && !(high.inclusive && low.inclusive));
}

/** Whether no sort key at all lies within a branch's bounds. */
export function isEmpty({ low, high }: Bounds): boolean {
  return endsBefore(high && upperOf(high), low && lowerOf(low));
}

function requireApart(a: KeyBranch, b: KeyBranch): void {
  if (!equalValues(a.partition, b.partition) || isEmpty(a) || isEmpty(b)) return;
  const [aLow, aHigh] = [a.low && lowerOf(a.low), a.high && upperOf(a.high)];
  const [bLow, bHigh] = [b.low && lowerOf(b.low), b.high && upperOf(b.high)];
  if (endsBefore(aHigh, bLow) || endsBefore(bHigh, aLow)) return;
  throw validationException("Overlapping conditions with range keys are not supported in where clause");
}

/** Order of two branches by where their sort keys begin. */
export function compareStarts(a: KeyBranch, b: KeyBranch): number {
  const [x, y] = [a.low && lowerOf(a.low), b.low && lowerOf(b.low)];
  if (!x || !y) return x ? 1 : y ? -1 : 0;
  return compareValues(x.value, y.value)!;
}

function tooManyReads(): Error {
  return validationException("Too many decomposed read operations for a given query.");
}

/** The values that a clause requires of single attributes, all at once: `a = 1 AND b = 2`. */
export interface Equalities {
  readonly values: ReadonlyMap<string, readonly AttributeValue[]>;
  /** Whether the clause says anything besides. */
  readonly more: boolean;
}

/** `oneOfIn`: whether an IN with a single value counts as an equality. */
export function equalitiesOf(where: BoundCondition, oneOfIn: boolean): Equalities {
  const values = new Map<string, AttributeValue[]>();
  let more = false;
  const visit = (condition: Condition): void => {
    if (condition.kind === "and") {
      for (const member of condition.members) visit(member);
      return;
    }
    const test =
      condition.kind === "compare" || (oneOfIn && condition.kind === "in")
        ? testOf(condition, where.values)
        : undefined;
    const [only, ...others] = test?.tests ?? [];
    if (test === undefined || only?.kind !== "=" || others.length > 0) {
      more = true;
      return;
    }
    const known = values.get(test.name);
    if (known) known.push(only.value);
    else values.set(test.name, [only.value]);
  };
  visit(where.condition);
  return { values, more };
}
