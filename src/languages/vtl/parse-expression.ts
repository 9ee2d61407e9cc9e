import type { BinaryOperator, Expression, ReferenceNode, Step, Template } from "./ast.ts";
import type { Scanner } from "./scanner.ts";

const space = /[ \t\r\n]*/y;
const identifier = /[A-Za-z][A-Za-z0-9_-]*/y;
const number = /\d+(?:\.\d+)?/y;
const word = /[a-zA-Z]+/y;

/** How deep expressions and blocks may be nested. */
export const maxDepth = 64;

/** Operators from the weakest to the strongest; words stand for signs. */
const levels: readonly (readonly (readonly [text: string, operator: BinaryOperator])[])[] = [
  [
    ["||", "||"],
    ["or", "||"],
  ],
  [
    ["&&", "&&"],
    ["and", "&&"],
  ],
  [
    ["==", "=="],
    ["!=", "!="],
    ["eq", "=="],
    ["ne", "!="],
  ],
  [
    ["<=", "<="],
    [">=", ">="],
    ["<", "<"],
    [">", ">"],
    ["le", "<="],
    ["ge", ">="],
    ["lt", "<"],
    ["gt", ">"],
  ],
  [
    ["+", "+"],
    ["-", "-"],
  ],
  [
    ["*", "*"],
    ["/", "/"],
    ["%", "%"],
  ],
];

/** Reads what stands in the parentheses of directives and methods. */
export class ExpressionParser {
  readonly #scanner: Scanner;
  /** Strings in double quotes are templates. */
  readonly #parseTemplate: (source: string, depth: number) => Template;

  constructor(scanner: Scanner, parseTemplate: (source: string, depth: number) => Template) {
    this.#scanner = scanner;
    this.#parseTemplate = parseTemplate;
  }

  skipSpace(): void {
    this.#scanner.match(space);
  }

  parse(depth: number): Expression {
    if (depth > maxDepth) throw this.#scanner.error("The template is nested too deeply");
    return this.#level(0, depth);
  }

  /** A reference, from its `$` on; undefined (and nothing taken) where a `$` begins none. */
  reference(depth: number): ReferenceNode | undefined {
    const scanner = this.#scanner;
    const start = scanner.at;
    scanner.require("$", "at the start of a reference");
    const quiet = scanner.take("!");
    const formal = scanner.take("{");
    const name = scanner.match(identifier);
    if (name === undefined) {
      scanner.at = start;
      return undefined;
    }
    const steps: Step[] = [];
    for (let step = this.#step(depth); step !== undefined; step = this.#step(depth)) steps.push(step);
    if (formal) {
      if (scanner.peek() === "|") throw scanner.unsupported("An alternate value after |");
      scanner.require("}", "at the end of a reference");
    }
    return { kind: "reference", name, steps, quiet, source: scanner.source.slice(start, scanner.at) };
  }

  #step(depth: number): Step | undefined {
    const scanner = this.#scanner;
    if (scanner.peek() === "." && /[A-Za-z]/.test(scanner.peek(1))) {
      scanner.at++;
      const name = scanner.match(identifier)!;
      if (scanner.peek() !== "(") return { kind: "property", name };
      scanner.at++;
      return { kind: "method", name, args: this.#items(")", depth) };
    }
    if (scanner.peek() !== "[") return undefined;
    scanner.at++;
    this.skipSpace();
    const index = this.parse(depth + 1);
    this.skipSpace();
    scanner.require("]", "after an index");
    return { kind: "index", index };
  }

  #level(level: number, depth: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary(depth);
    let left = this.#level(level + 1, depth);
    for (;;) {
      this.skipSpace();
      const operator = this.#operator(operators);
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: this.#level(level + 1, depth) };
    }
  }

  #operator(operators: readonly (readonly [string, BinaryOperator])[]): BinaryOperator | undefined {
    const scanner = this.#scanner;
    const start = scanner.at;
    const named = scanner.match(word);
    if (named !== undefined) {
      const found = operators.find(([text]) => text === named);
      if (found === undefined) scanner.at = start;
      return found?.[1];
    }
    return operators.find(([text]) => !/[a-z]/.test(text) && scanner.take(text))?.[1];
  }

  #unary(depth: number): Expression {
    const scanner = this.#scanner;
    this.skipSpace();
    if (depth > maxDepth) throw scanner.error("The template is nested too deeply");
    if (scanner.peek() === "!" && scanner.peek(1) !== "=") {
      scanner.at++;
      return { kind: "not", operand: this.#unary(depth + 1) };
    }
    if (scanner.take("(")) {
      const inner = this.parse(depth + 1);
      this.skipSpace();
      scanner.require(")", "after an expression");
      return inner;
    }
    return this.#operand(depth);
  }

  #operand(depth: number): Expression {
    const scanner = this.#scanner;
    const start = scanner.at;
    const first = scanner.peek();
    if (first === "$") {
      const reference = this.reference(depth + 1);
      if (reference === undefined) throw scanner.error("Expected a name after $");
      return reference;
    }
    if (first === "'") return { kind: "literal", value: this.#quoted("'") };
    if (first === '"') {
      const text = this.#quoted('"');
      return /[$#]/.test(text)
        ? { kind: "interpolation", template: this.#parseTemplate(text, depth + 1) }
        : { kind: "literal", value: text };
    }
    if (first === "[") return this.#list(depth);
    if (first === "{") return this.#map(depth);
    const negative = first === "-" && /\d/.test(scanner.peek(1));
    if (negative) scanner.at++;
    const digits = scanner.match(number);
    // It would be taken for a whole number, and divide like one.
    if (digits?.includes(".") && Number.isInteger(Number(digits))) {
      throw scanner.unsupported(`The number ${digits} (a decimal without decimals)`);
    }
    if (digits !== undefined) return { kind: "literal", value: negative ? -Number(digits) : Number(digits) };
    const named = scanner.match(word);
    if (named === "true" || named === "false") return { kind: "literal", value: named === "true" };
    if (named === "not") return { kind: "not", operand: this.#unary(depth + 1) };
    throw scanner.error("Expected a value", start);
  }

  /** A quote inside is written twice. */
  #quoted(quote: string): string {
    const scanner = this.#scanner;
    const start = scanner.at++;
    let text = "";
    for (;;) {
      const end = scanner.source.indexOf(quote, scanner.at);
      if (end < 0) throw scanner.error("A string has no end", start);
      text += scanner.source.slice(scanner.at, end);
      scanner.at = end + 1;
      if (scanner.peek() !== quote) return text;
      text += quote;
      scanner.at++;
    }
  }

  #items(end: string, depth: number): Expression[] {
    const scanner = this.#scanner;
    const items: Expression[] = [];
    this.skipSpace();
    if (scanner.take(end)) return items;
    for (;;) {
      items.push(this.parse(depth + 1));
      this.skipSpace();
      if (scanner.take(end)) return items;
      scanner.require(",", "between values");
      this.skipSpace();
    }
  }

  #list(depth: number): Expression {
    const scanner = this.#scanner;
    scanner.at++;
    this.skipSpace();
    if (scanner.take("]")) return { kind: "list", items: [] };
    const first = this.parse(depth + 1);
    this.skipSpace();
    if (scanner.take("..")) {
      const to = this.parse(depth + 1);
      this.skipSpace();
      scanner.require("]", "after a range");
      return { kind: "range", from: first, to };
    }
    if (scanner.take("]")) return { kind: "list", items: [first] };
    scanner.require(",", "between values");
    return { kind: "list", items: [first, ...this.#items("]", depth)] };
  }

  #map(depth: number): Expression {
    const scanner = this.#scanner;
    scanner.at++;
    const entries: (readonly [Expression, Expression])[] = [];
    this.skipSpace();
    if (scanner.take("}")) return { kind: "map", entries };
    for (;;) {
      const key = this.parse(depth + 1);
      this.skipSpace();
      scanner.require(":", "between key and value");
      entries.push([key, this.parse(depth + 1)]);
      this.skipSpace();
      if (scanner.take("}")) return { kind: "map", entries };
      scanner.require(",", "between entries");
    }
  }
}
