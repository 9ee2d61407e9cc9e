import type { Expression, PathExpression, Statement } from "./ast.ts";
import { typeNames, wordOperators } from "./keywords.ts";
import { notWellFormed, unsupportedAt } from "./refusals.ts";
import { tokenize } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Deeper than any statement of 8,192 characters that means something, and shallow enough for the stack. */
const maxNesting = 200;
const maxIndex = 2 ** 31 - 1;

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const sums: ReadonlySet<string> = new Set(["+", "-", "||"]);
const products: ReadonlySet<string> = new Set(["*", "/", "%"]);
const symbolOperators: ReadonlySet<string> = new Set([...comparators, ...products, "||"]);
/** Keywords that name functions where a parenthesis follows. */
const callable: ReadonlySet<string> = new Set([
  "EXISTS",
  "COUNT",
  "SUM",
  "MIN",
  "MAX",
  "AVG",
  "UPPER",
  "LOWER",
  "TRIM",
  "SUBSTRING",
  "CHAR_LENGTH",
  "CHARACTER_LENGTH",
  "COALESCE",
  "NULLIF",
  "EXTRACT",
  "DATE_ADD",
  "DATE_DIFF",
  "POSITION",
]);

/** The part of parsing that is the same in all statements: tokens, paths, values, conditions. */
export abstract class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;
  #parameters = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** Parses `FROM …` and `SELECT …` where they stand for a value. */
  protected abstract parseNestedStatement(): Statement;

  get parameters(): number {
    return this.#parameters;
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  #peek(): Token {
    return this.#tokens[this.#at + 1] ?? this.token;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  sees(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  seesWord(keyword: string): boolean {
    return this.token.kind === "keyword" && this.token.text === keyword;
  }

  take(symbol: string): boolean {
    const seen = this.sees(symbol);
    if (seen) this.#at++;
    return seen;
  }

  takeWord(keyword: string): boolean {
    const seen = this.seesWord(keyword);
    if (seen) this.#at++;
    return seen;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw notWellFormed(`Expected ${symbol}`);
  }

  nested<T>(parse: () => T): T {
    if (++this.#nesting > maxNesting) throw notWellFormed();
    const result = parse();
    this.#nesting--;
    return result;
  }

  parseExpression(): Expression {
    return this.nested(() => this.#parseOr());
  }

  #parseOr(): Expression {
    let left = this.#parseAnd();
    while (this.seesWord("OR")) left = this.#infix("OR", left, () => this.#parseAnd());
    return left;
  }

  #parseAnd(): Expression {
    let left = this.#parseNot();
    while (this.seesWord("AND")) left = this.#infix("AND", left, () => this.#parseNot());
    return left;
  }

  #infix(
    operator: (Expression & { kind: "binary" })["operator"],
    left: Expression,
    parseRight: () => Expression,
  ): Expression {
    const { position } = this.next();
    if (operator !== "AND" && operator !== "OR" && chainLength(left) > maxNesting) throw notWellFormed();
    return { kind: "binary", operator, left, right: this.#operand(parseRight), position };
  }

  /** What must follow an operator. */
  #operand<T>(parse: () => T): T {
    if (this.token.kind === "end") throw notWellFormed("Missing right-hand side expression of infix operator");
    return parse();
  }

  #parseNot(): Expression {
    if (!this.seesWord("NOT")) return this.#parseComparison();
    const { position } = this.next();
    return { kind: "not", operand: this.nested(() => this.#parseNot()), position };
  }

  #parseComparison(): Expression {
    let left = this.#parseSum();
    for (;;) {
      const { token } = this;
      if (token.kind === "symbol" && comparators.has(token.text)) {
        left = this.#infix(token.text as "=", left, () => this.#parseSum());
      } else if (this.seesWord("LIKE")) left = this.#infix("LIKE", left, () => this.#parseSum());
      else if (this.seesWord("IS")) left = this.#parseIs(left);
      else if (this.seesWord("BETWEEN") || this.seesWord("IN")) left = this.#parseRange(left);
      else if (this.seesWord("NOT") && this.#peek().kind === "keyword" && this.#negatable()) {
        const { position } = this.next();
        const operand = this.seesWord("LIKE")
          ? this.#infix("LIKE", left, () => this.#parseSum())
          : this.#parseRange(left);
        left = { kind: "not", operand, position };
      } else return left;
    }
  }

  #negatable(): boolean {
    return ["BETWEEN", "IN", "LIKE"].includes(this.#peek().text);
  }

  #parseIs(operand: Expression): Expression {
    const { position } = this.next();
    const negated = this.takeWord("NOT");
    const { token } = this;
    if (!typeNames.has(token.text.toUpperCase()) || (token.kind !== "keyword" && token.kind !== "name")) {
      throw notWellFormed("Expected type name");
    }
    const type = this.next().text.toUpperCase();
    if (type === "DOUBLE") this.takeWord("PRECISION");
    if (type === "CHARACTER" || type === "CHAR") this.takeWord("VARYING");
    if (this.take("(")) {
      do if (this.next().kind !== "number") throw notWellFormed("Expected integer value for length");
      while (this.take(","));
      this.expect(")");
    }
    const is: Expression = { kind: "is", operand, type, position };
    return negated ? { kind: "not", operand: is, position } : is;
  }

  #parseRange(operand: Expression): Expression {
    const { text, position } = this.next();
    if (text === "IN") return { kind: "in", operand, members: this.#operand(() => this.#parseSum()), position };
    const low = this.#operand(() => this.#parseSum());
    if (!this.takeWord("AND")) throw notWellFormed("Expected AND after BETWEEN");
    return { kind: "between", operand, low, high: this.#operand(() => this.#parseSum()), position };
  }

  #parseSum(): Expression {
    let left = this.#parseProduct();
    while (this.token.kind === "symbol" && sums.has(this.token.text)) {
      left = this.#infix(this.token.text as "+", left, () => this.#parseProduct());
    }
    return left;
  }

  #parseProduct(): Expression {
    let left = this.#parseSigned();
    while (this.token.kind === "symbol" && products.has(this.token.text)) {
      left = this.#infix(this.token.text as "*", left, () => this.#parseSigned());
    }
    return left;
  }

  #parseSigned(): Expression {
    if (!this.sees("-") && !this.sees("+")) return this.#parsePathOrTerm();
    const { text, position } = this.next();
    const operand = this.nested(() => this.#parseSigned());
    if (operand.kind !== "number") return { kind: "sign", operand, position };
    if (text === "+") return operand;
    return { ...operand, text: operand.text.startsWith("-") ? operand.text.slice(1) : `-${operand.text}` };
  }

  #parsePathOrTerm(): Expression {
    const term = this.#parseTerm();
    return term.kind === "path" ? this.#parseSteps(term) : term;
  }

  /** `a.b[0]."c"` */
  parsePath(): PathExpression {
    return this.#parseSteps(this.#parseFirstStep());
  }

  #parseFirstStep(): PathExpression {
    const { kind, text, position } = this.token;
    if (kind !== "name" && kind !== "quoted-name") throw notWellFormed("Expected identifier for simple path");
    this.next();
    return { kind: "path", path: [text], position };
  }

  #parseSteps(first: PathExpression): PathExpression {
    const path: [string, ...(string | number)[]] = [first.path[0]];
    for (;;) {
      if (this.take(".")) {
        const { kind, text } = this.token;
        if (kind !== "name" && kind !== "quoted-name") throw notWellFormed("Invalid path dot component");
        path.push(text);
        this.next();
      } else if (this.take("[")) {
        path.push(this.#parseIndex());
        this.expect("]");
      } else return { ...first, path };
    }
  }

  #parseIndex(): string | number {
    const index = this.parseExpression();
    if (index.kind === "string") return index.text;
    if (index.kind !== "number" || !/^-?[0-9]+$/.test(index.text)) {
      throw unsupportedAt("Unexpected path component", index.position);
    }
    const value = Number(index.text);
    if (value >= 0 && value <= maxIndex) return Math.abs(value);
    const text = BigInt(index.text).toString();
    throw unsupportedAt(`List index is not within the allowable range; index: [${text}]`, index.position);
  }

  #parseTerm(): Expression {
    const { token } = this;
    const { position, text } = token;
    switch (token.kind) {
      case "string":
        this.next();
        return { kind: "string", text, position };
      case "number":
        this.next();
        return { kind: "number", text, position };
      case "parameter":
        this.next();
        return { kind: "parameter", at: this.#parameters++, position };
      case "name":
        if (this.#seesCall()) return this.#parseCall();
        return this.#parseFirstStep();
      case "quoted-name":
        return this.#parseFirstStep();
      case "symbol":
        return this.#parseBracketed();
      case "keyword":
        return this.#parseKeyword();
      case "end":
        throw notWellFormed("Unexpected term");
    }
  }

  #parseKeyword(): Expression {
    const { text, position } = this.token;
    switch (text) {
      case "TRUE":
      case "FALSE":
        this.next();
        return { kind: "boolean", value: text === "TRUE", position };
      case "NULL":
      case "MISSING":
        this.next();
        return { kind: text === "NULL" ? "null" : "missing", position };
      case "SELECT":
      case "FROM":
        return { kind: "statement", statement: this.nested(() => this.parseNestedStatement()), position };
    }
    if (wordOperators.has(text)) throw notWellFormed("Unexpected operator");
    if (callable.has(text) && this.#seesCall()) return this.#parseCall();
    throw notWellFormed("Unexpected keyword");
  }

  #seesCall(): boolean {
    const after = this.#peek();
    return after.kind === "symbol" && after.text === "(";
  }

  #parseCall(): Expression {
    const { written: name, position } = this.next();
    this.expect("(");
    const operands: Expression[] = [];
    if (this.sees("*")) operands.push({ kind: "star", position: this.next().position });
    else if (!this.sees(")")) operands.push(...this.#parseMembers());
    this.expect(")");
    return { kind: "call", name, operands, position };
  }

  #parseMembers(): Expression[] {
    const members: Expression[] = [];
    do members.push(this.parseExpression());
    while (this.take(","));
    return members;
  }

  #parseBracketed(): Expression {
    const { text, position } = this.token;
    switch (text) {
      case "(": {
        this.next();
        const members = this.#parseMembers();
        this.expect(")");
        return members.length === 1 ? members[0]! : { kind: "row", members, position };
      }
      case "[":
        return this.#parseCollection("list", "]");
      case "<<":
        return this.#parseCollection("bag", ">>");
      case "{":
        return this.#parseTuple();
    }
    throw notWellFormed(symbolOperators.has(text) ? "Unexpected operator" : "Unexpected term");
  }

  #parseCollection(kind: "list" | "bag", close: string): Expression {
    const { position } = this.next();
    const members = this.sees(close) ? [] : this.#parseMembers();
    this.expect(close);
    return { kind, members, position };
  }

  #parseTuple(): Expression {
    const { position } = this.next();
    const members: { name: Expression; value: Expression }[] = [];
    if (!this.sees("}")) {
      do {
        const name = this.parseExpression();
        this.expect(":");
        members.push({ name, value: this.parseExpression() });
      } while (this.take(","));
    }
    this.expect("}");
    return { kind: "tuple", members, position };
  }
}

/** How deep a chain of operators that bind to the left has become. */
function chainLength(expression: Expression): number {
  let length = 0;
  for (let rest = expression; rest.kind === "binary"; rest = rest.left) length++;
  return length;
}
