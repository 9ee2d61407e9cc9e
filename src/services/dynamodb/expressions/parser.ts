import type { AttributeValue } from "../items/attribute-value.ts";
import { validationException } from "../refusals.ts";
import type { DocumentPath, PathOperand, ValueOperand } from "./ast.ts";
import { isReservedWord } from "./reserved-words.ts";
import { tokenize } from "./tokens.ts";
import type { Token } from "./tokens.ts";

export type ExpressionValues = ReadonlyMap<string, AttributeValue>;
export type ExpressionNames = ReadonlyMap<string, string>;

/** Checks that need the request's values: a text when something is wrong. */
export type ValueCheck = (values: ExpressionValues) => string | undefined;

/** What a parsed expression refers to, and what has still to be checked when the values are known. */
export interface References {
  /** Placeholders used: `#n`. */
  readonly names: ReadonlySet<string>;
  /** Placeholders used: `:v`. */
  readonly values: ReadonlySet<string>;
  readonly checks: readonly ValueCheck[];
}

/**
 * Faults that AWS reports only when the whole text is well-formed, the most important first. Of several faults of one
 * rank the first in the text is reported.
 */
export type FaultRank =
  | "parentheses"
  | "function"
  | "misuse"
  | "reserved"
  | "section"
  | "name"
  | "overlap"
  | "operands";
const ranks: readonly FaultRank[] = [
  "parentheses",
  "function",
  "misuse",
  "reserved",
  "section",
  "name",
  "overlap",
  "operands",
];

const maxExpressionBytes = 4096;
const maxOperators = 300;
/** Deeper than any expression of 300 operators can usefully be, and shallow enough for the stack. */
const maxNesting = 300;

/** The part of parsing that all expressions share: tokens, paths, placeholders, faults. */
export class ExpressionParser {
  readonly #text: string;
  readonly #label: string;
  readonly #tokens: readonly Token[];
  readonly #definedNames: ExpressionNames;
  readonly #faults = new Map<FaultRank, string>();
  #at = 0;
  #operators = 0;
  #nesting = 0;
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  readonly checks: ValueCheck[] = [];

  /** `label` is the parameter's name, `ConditionExpression`. */
  constructor(label: string, text: string, names: ExpressionNames) {
    this.#label = label;
    this.#text = text;
    this.#definedNames = names;
    if (text === "") throw this.refusal("The expression can not be empty;");
    const size = Buffer.byteLength(text);
    if (size > maxExpressionBytes) {
      throw this.refusal(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#tokens = tokenize(text);
  }

  refusal(detail: string): Error {
    return validationException(`Invalid ${this.#label}: ${detail}`);
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Whether the current token is this symbol. */
  sees(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  /** Whether the current token is this keyword, in any letter case. */
  seesWord(keyword: string): boolean {
    return this.token.kind === "word" && this.token.text.toUpperCase() === keyword;
  }

  take(symbol: string): boolean {
    if (!this.sees(symbol)) return false;
    this.#at++;
    return true;
  }

  takeWord(keyword: string): boolean {
    if (!this.seesWord(keyword)) return false;
    this.#at++;
    return true;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.token.kind !== "end") throw this.syntaxError();
  }

  /** The current token stands where it cannot. AWS shows it between its neighbours. */
  syntaxError(): Error {
    const { token } = this;
    const from = this.#tokens[this.#at - 1] ?? token;
    const after = this.#tokens[this.#at + 1];
    const to = after === undefined ? from : after.kind === "end" ? token : after;
    const near = this.#text.slice(from.start, to.end);
    return this.refusal(`Syntax error; token: "${token.text}", near: "${near}"`);
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > maxNesting) throw this.refusal("The expression is nested too deeply;");
    const result = parse();
    this.#nesting--;
    return result;
  }

  countOperator(): void {
    this.#operators++;
  }

  /** Notes a fault to be reported when the text has been read to its end. */
  fault(rank: FaultRank, detail: string): void {
    if (!this.#faults.has(rank)) this.#faults.set(rank, detail);
  }

  /** Ends parsing: reports the most important fault, or answers what the expression refers to. */
  finish(): References {
    this.expectEnd();
    for (const rank of ranks) {
      const detail = this.#faults.get(rank);
      if (detail === undefined) continue;
      // AWS looks at operands only after it has found all values, which are not known here.
      if (rank === "operands") this.checks.unshift(() => detail);
      else throw this.refusal(detail);
    }
    if (this.#operators > maxOperators) {
      throw this.refusal(`The expression contains too many operators; operator count: ${this.#operators}`);
    }
    return { names: this.names, values: this.values, checks: this.checks };
  }

  seesPath(): boolean {
    return this.token.kind === "word" || this.token.kind === "name";
  }

  /** `a.#b[0].c` */
  parsePath(): PathOperand {
    const path: [string, ...(string | number)[]] = [this.#parseAttributeName()];
    for (;;) {
      if (this.take(".")) path.push(this.#parseAttributeName());
      else if (this.take("[")) {
        if (this.token.kind !== "index") throw this.syntaxError();
        path.push(Number(this.next().text));
        this.expect("]");
      } else return { kind: "path", path };
    }
  }

  #parseAttributeName(): string {
    const { kind, text } = this.token;
    if (kind === "word") {
      this.next();
      if (isReservedWord(text)) {
        this.fault("reserved", `Attribute name is a reserved keyword; reserved keyword: ${text}`);
      }
      return text;
    }
    if (kind !== "name") throw this.syntaxError();
    this.next();
    const name = this.#definedNames.get(text);
    if (name === undefined) {
      this.fault(
        "name",
        `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
      );
      return text;
    }
    this.names.add(text);
    return name;
  }

  parseValue(): ValueOperand {
    if (this.token.kind !== "value") throw this.syntaxError();
    const name = this.next().text;
    this.values.add(name);
    return { kind: "value", name };
  }
}

/** Refuses undefined values and wrong types of values. `label` is the parameter's name. */
export function checkReferences(label: string, references: References, values: ExpressionValues): void {
  for (const name of references.values) {
    if (!values.has(name)) {
      throw validationException(
        `Invalid ${label}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
      );
    }
  }
  for (const check of references.checks) {
    const detail = check(values);
    if (detail !== undefined) throw validationException(`Invalid ${label}: ${detail}`);
  }
}

export function samePath(a: DocumentPath, b: DocumentPath): boolean {
  return a.length === b.length && a.every((step, at) => step === b[at]);
}
