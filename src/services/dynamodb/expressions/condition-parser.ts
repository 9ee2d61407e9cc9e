import { compareValues, printValue, typeOf } from "../items/attribute-value.ts";
import type { AttributeType } from "../items/attribute-value.ts";
import { printPath } from "./ast.ts";
import type { Comparator, Condition, ConditionFunction, ConditionOperand, PathOperand, ValueOperand } from "./ast.ts";
import { ExpressionParser, samePath } from "./parser.ts";
import type { ExpressionNames, ExpressionValues, References } from "./parser.ts";

export interface ParsedCondition extends References {
  readonly condition: Condition;
}

/** What stands in a place of the grammar: whether it may stand there is decided when its surroundings are known. */
type Term =
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "operand"; readonly operand: ConditionOperand }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly ConditionOperand[] };

interface Parsed {
  readonly term: Term;
  /** It was one pair of parentheses with all the rest inside. */
  readonly parenthesized: boolean;
}

const functionOperands: Readonly<Record<ConditionFunction | "size", number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const keywords: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "BETWEEN", "IN"]);
const attributeTypes: ReadonlySet<string> = new Set(["S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"]);
const orderedTypes: ReadonlySet<AttributeType> = new Set<AttributeType>(["S", "N", "B"]);
const unsizedTypes: ReadonlySet<AttributeType> = new Set<AttributeType>(["N", "BOOL", "NULL"]);
const maxInOperands = 100;

/**
 * Parses a condition, filter or key condition expression. `label` is the parameter's name.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function parseCondition(label: string, text: string, names: ExpressionNames): ParsedCondition {
  const parser = new ConditionParser(label, text, names);
  const condition = parser.requireCondition(parser.parseOr());
  return { condition, ...parser.finish() };
}

class ConditionParser extends ExpressionParser {
  parseOr(): Parsed {
    return this.#parseSeries("or", "OR", () => this.#parseSeries("and", "AND", () => this.#parseNot()));
  }

  #parseSeries(kind: "and" | "or", keyword: string, parseMember: () => Parsed): Parsed {
    const first = parseMember();
    if (!this.seesWord(keyword)) return first;
    const members = [this.requireCondition(first)];
    while (this.takeWord(keyword)) {
      this.countOperator();
      members.push(this.requireCondition(parseMember()));
    }
    return { term: { kind: "condition", condition: { kind, members } }, parenthesized: false };
  }

  #parseNot(): Parsed {
    if (!this.takeWord("NOT")) return this.#parseComparison();
    this.countOperator();
    const member = this.requireCondition(this.nested(() => this.#parseNot()));
    return { term: { kind: "condition", condition: { kind: "not", member } }, parenthesized: false };
  }

  #parseComparison(): Parsed {
    const left = this.#parsePrimary();
    if (this.token.kind === "symbol" && comparators.has(this.token.text)) {
      const operand = this.#requireOperand(left);
      const comparator = this.next().text as Comparator;
      this.countOperator();
      const right = this.#requireOperand(this.#parsePrimary());
      this.#checkComparison(comparator, operand, right);
      return conditionTerm({ kind: "compare", comparator, left: operand, right });
    }
    if (this.seesWord("BETWEEN")) {
      const operand = this.#requireOperand(left);
      this.next();
      this.countOperator();
      const low = this.#requireOperand(this.#parsePrimary());
      if (!this.takeWord("AND")) throw this.syntaxError();
      const high = this.#requireOperand(this.#parsePrimary());
      this.#checkBetween(low, high);
      return conditionTerm({ kind: "between", operand, low, high });
    }
    if (this.seesWord("IN")) {
      const operand = this.#requireOperand(left);
      this.next();
      this.countOperator();
      this.expect("(");
      const members = this.#parseOperands();
      if (members.length > maxInOperands) {
        this.fault(
          "operands",
          `The IN operator is provided with too many operands; number of operands: ${members.length}`,
        );
      }
      return conditionTerm({ kind: "in", operand, members });
    }
    return left;
  }

  #parsePrimary(): Parsed {
    const { kind } = this.token;
    if (this.take("(")) {
      const inside = this.nested(() => this.parseOr());
      this.expect(")");
      if (inside.parenthesized) this.fault("parentheses", "The expression has redundant parentheses;");
      return { term: inside.term, parenthesized: true };
    }
    if (kind === "value") return operandTerm(this.parseValue());
    if (kind === "word") {
      if (keywords.has(this.token.text.toUpperCase())) throw this.syntaxError();
      if (this.peek(1).kind === "symbol" && this.peek(1).text === "(") return this.#parseCall();
    }
    if (!this.seesPath()) throw this.syntaxError();
    return operandTerm(this.parsePath());
  }

  #parseCall(): Parsed {
    const name = this.next().text;
    this.countOperator();
    this.expect("(");
    const operands = this.#parseOperands();
    return { term: { kind: "call", name, operands }, parenthesized: false };
  }

  /** The operands up to the closing parenthesis, which is taken too. */
  #parseOperands(): ConditionOperand[] {
    const operands: ConditionOperand[] = [];
    do operands.push(this.#requireOperand(this.nested(() => this.#parsePrimary())));
    while (this.take(","));
    this.expect(")");
    return operands;
  }

  /** Takes a term where a condition must stand. */
  requireCondition({ term }: Parsed): Condition {
    switch (term.kind) {
      case "condition":
        return term.condition;
      case "operand":
        throw this.syntaxError();
      case "call": {
        const known = this.#checkCall(term.name, term.operands);
        if (known === "size") this.#misused(term.name);
        return { kind: "function", name: term.name as ConditionFunction, operands: term.operands };
      }
    }
  }

  /** Takes a term where an operand must stand. */
  #requireOperand({ term }: Parsed): ConditionOperand {
    switch (term.kind) {
      case "condition":
        throw this.syntaxError();
      case "operand":
        return term.operand;
      case "call": {
        const known = this.#checkCall(term.name, term.operands);
        if (known !== undefined && known !== "size") this.#misused(term.name);
        return { kind: "size", of: term.operands[0] as PathOperand | ValueOperand };
      }
    }
  }

  #misused(name: string): void {
    this.fault("misuse", `The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #checkCall(name: string, operands: readonly ConditionOperand[]): ConditionFunction | "size" | undefined {
    if (!Object.hasOwn(functionOperands, name)) {
      this.fault("function", `Invalid function name; function: ${name}`);
      return undefined;
    }
    const known = name as ConditionFunction | "size";
    if (operands.length !== functionOperands[known]) {
      this.fault(
        "operands",
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
      return known;
    }
    const [first, second] = operands as [ConditionOperand, ConditionOperand | undefined];
    if (second) this.#checkDistinct(name, first, second);
    switch (known) {
      case "attribute_exists":
      case "attribute_not_exists":
        if (first.kind !== "path") {
          this.fault("operands", `Operator or function requires a document path; operator or function: ${name}`);
        }
        break;
      case "begins_with":
        for (const operand of operands) this.#allowTypes(name, operand, (type) => type === "S" || type === "B");
        break;
      case "attribute_type":
        this.#checkAttributeType(second!);
        break;
      case "size":
        if (first.kind === "size") this.#misused(name);
        this.#allowTypes(name, first, (type) => !unsizedTypes.has(type));
        break;
      case "contains":
        break;
    }
    return known;
  }

  #checkAttributeType(operand: ConditionOperand): void {
    if (operand.kind !== "value") {
      const type = operand.kind === "size" ? "N" : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";
      this.fault("operands", incorrectType("operator or function: attribute_type", type));
      return;
    }
    this.checks.push((values) => {
      const value = values.get(operand.name)!;
      if (!("S" in value)) return incorrectType("operator or function: attribute_type", typeOf(value));
      if (attributeTypes.has(value.S)) return undefined;
      return `Invalid attribute type name found; type: ${value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`;
    });
  }

  #allowTypes(name: string, operand: ConditionOperand, allowed: (type: AttributeType) => boolean): void {
    const what = `operator or function: ${name}`;
    if (operand.kind === "size" && !allowed("N")) this.fault("operands", incorrectType(what, "N"));
    if (operand.kind !== "value") return;
    this.checks.push((values) => {
      const type = typeOf(values.get(operand.name)!);
      return allowed(type) ? undefined : incorrectType(what, type);
    });
  }

  #checkComparison(comparator: Comparator, left: ConditionOperand, right: ConditionOperand): void {
    this.#checkDistinct(comparator, left, right);
    if (comparator === "=" || comparator === "<>") return;
    for (const operand of [left, right]) {
      if (operand.kind !== "value") continue;
      this.checks.push((values) => {
        const type = typeOf(values.get(operand.name)!);
        return orderedTypes.has(type) ? undefined : incorrectType(`operator: ${comparator}`, type);
      });
    }
  }

  #checkDistinct(operator: string, first: ConditionOperand, second: ConditionOperand): void {
    if (first.kind !== "path" || second.kind !== "path" || !samePath(first.path, second.path)) return;
    this.fault(
      "operands",
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${printPath(first.path)}`,
    );
  }

  #checkBetween(low: ConditionOperand, high: ConditionOperand): void {
    if (low.kind !== "value" || high.kind !== "value") return;
    this.checks.push((values) => boundsFault(values, low, high));
  }
}

function boundsFault(values: ExpressionValues, low: ValueOperand, high: ValueOperand): string | undefined {
  const lower = values.get(low.name)!;
  const upper = values.get(high.name)!;
  const bounds = `lower bound operand: AttributeValue: ${printValue(lower)}, upper bound operand: AttributeValue: ${printValue(upper)}`;
  for (const bound of [lower, upper]) {
    if (!orderedTypes.has(typeOf(bound))) return incorrectType("operator: BETWEEN", typeOf(bound));
  }
  const order = compareValues(lower, upper);
  if (order === undefined) {
    return `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`;
  }
  if (order <= 0) return undefined;
  return `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`;
}

function incorrectType(what: string, type: string): string {
  return `Incorrect operand type for operator or function; ${what}, operand type: ${type}`;
}

function conditionTerm(condition: Condition): Parsed {
  return { term: { kind: "condition", condition }, parenthesized: false };
}

function operandTerm(operand: ConditionOperand): Parsed {
  return { term: { kind: "operand", operand }, parenthesized: false };
}
