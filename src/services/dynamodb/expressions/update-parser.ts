import { typeOf } from "../items/attribute-value.ts";
import type { AttributeType } from "../items/attribute-value.ts";
import type { UpdateAction, UpdateOperand, UpdateValue, ValueOperand } from "./ast.ts";
import { noteOverlaps } from "./overlaps.ts";
import { ExpressionParser } from "./parser.ts";
import type { ExpressionNames, References } from "./parser.ts";

export interface ParsedUpdate extends References {
  readonly actions: readonly UpdateAction[];
}

const sections: ReadonlySet<string> = new Set(["SET", "REMOVE", "ADD", "DELETE"]);

/** ADD and DELETE name types in full. */
const fullTypeNames: Readonly<Record<AttributeType, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  L: "LIST",
  M: "MAP",
};
const setTypes: ReadonlySet<AttributeType> = new Set<AttributeType>(["SS", "NS", "BS"]);

/**
 * Parses an update expression.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function parseUpdate(label: string, text: string, names: ExpressionNames): ParsedUpdate {
  const parser = new UpdateParser(label, text, names);
  const actions = parser.parseSections();
  noteOverlaps(
    parser,
    actions.map((action) => action.path),
  );
  return { actions, ...parser.finish() };
}

class UpdateParser extends ExpressionParser {
  parseSections(): UpdateAction[] {
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    do {
      const section = this.token.kind === "word" ? this.token.text.toUpperCase() : "";
      if (!sections.has(section)) throw this.syntaxError();
      this.next();
      if (seen.has(section)) {
        this.fault("section", `The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      do actions.push(this.#parseAction(section));
      while (this.take(","));
    } while (this.token.kind !== "end");
    return actions;
  }

  #parseAction(section: string): UpdateAction {
    if (!this.seesPath() || this.#seesSection()) throw this.syntaxError();
    this.countOperator();
    const { path } = this.parsePath();
    switch (section) {
      case "SET":
        this.expect("=");
        return { kind: "set", path, value: this.#parseSetValue() };
      case "REMOVE":
        return { kind: "remove", path };
      default: {
        const value = this.parseValue();
        this.#checkOperand(section as "ADD" | "DELETE", value);
        return { kind: section === "ADD" ? "add" : "delete", path, value };
      }
    }
  }

  #seesSection(): boolean {
    return this.token.kind === "word" && sections.has(this.token.text.toUpperCase());
  }

  #parseSetValue(): UpdateValue {
    if (this.sees("(")) return this.nested(() => this.#parseParenthesized());
    const left = this.#parseOperand();
    return this.#parseArithmetic(left);
  }

  #parseParenthesized(): UpdateValue {
    this.expect("(");
    const value = this.#parseSetValue();
    this.expect(")");
    return value.kind === "arithmetic" ? value : this.#parseArithmetic(value);
  }

  #parseArithmetic(left: UpdateOperand): UpdateValue {
    if (!this.sees("+") && !this.sees("-")) return left;
    const operator = this.next().text as "+" | "-";
    this.countOperator();
    const right = this.#parseOperand();
    for (const operand of [left, right]) this.#allowType(operator, operand, "N");
    return { kind: "arithmetic", operator, left, right };
  }

  #parseOperand(): UpdateOperand {
    if (this.take("(")) {
      const operand = this.nested(() => this.#parseOperand());
      this.expect(")");
      return operand;
    }
    if (this.token.kind === "value") return this.parseValue();
    if (this.token.kind === "word" && this.peek(1).kind === "symbol" && this.peek(1).text === "(") {
      return this.nested(() => this.#parseCall());
    }
    if (!this.seesPath() || this.#seesSection()) throw this.syntaxError();
    return this.parsePath();
  }

  #parseCall(): UpdateOperand {
    const name = this.next().text;
    this.countOperator();
    this.expect("(");
    const operands: UpdateOperand[] = [];
    do operands.push(this.#parseOperand());
    while (this.take(","));
    this.expect(")");
    if (name !== "if_not_exists" && name !== "list_append") {
      this.fault("function", `Invalid function name; function: ${name}`);
      return operands[0]!;
    }
    if (operands.length !== 2) {
      this.fault(
        "operands",
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
      return operands[0]!;
    }
    const [first, second] = operands as [UpdateOperand, UpdateOperand];
    if (name === "list_append") {
      for (const operand of operands) this.#allowType(name, operand, "L");
      return { kind: "list_append", first, second };
    }
    if (first.kind !== "path") {
      this.fault("operands", `Operator or function requires a document path; operator or function: ${name}`);
      return first;
    }
    return { kind: "if_not_exists", path: first, otherwise: second };
  }

  #allowType(name: string, operand: UpdateOperand, allowed: AttributeType): void {
    if (operand.kind !== "value") return;
    this.checks.push((values) => {
      const type = typeOf(values.get(operand.name)!);
      if (type === allowed) return undefined;
      return `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`;
    });
  }

  #checkOperand(section: "ADD" | "DELETE", operand: ValueOperand): void {
    this.checks.push((values) => {
      const type = typeOf(values.get(operand.name)!);
      if (setTypes.has(type) || (section === "ADD" && type === "N")) return undefined;
      return `Incorrect operand type for operator or function; operator: ${section}, operand type: ${fullTypeNames[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`;
    });
  }
}
