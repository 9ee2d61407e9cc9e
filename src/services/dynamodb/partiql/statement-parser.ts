import { validationException } from "../refusals.ts";
import type {
  Change,
  Expression,
  OrderTerm,
  ParsedStatement,
  Returning,
  SelectStatement,
  Source,
  Statement,
  UpdateStatement,
} from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { notWellFormed, unsupportedAt } from "./refusals.ts";

/**
 * Parses one PartiQL statement.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
 */
export function parseStatement(text: string): ParsedStatement {
  const parser = new StatementParser(text);
  return { statement: parser.parse(), parameters: parser.parameters };
}

const joins: ReadonlySet<string> = new Set(["JOIN", "CROSS", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "NATURAL"]);

class StatementParser extends ExpressionParser {
  #aliased = false;

  parse(): Statement {
    const parsed = this.#parseTop();
    this.take(";");
    if (this.token.kind !== "end") throw notWellFormed("Unexpected token after expression");
    if (this.#aliased) throw aliasing();
    return "statement" in parsed ? parsed.statement : statementOf(parsed);
  }

  #parseTop(): Expression {
    const { text, kind, position } = this.token;
    const statement = kind !== "keyword" ? undefined : this.#parseManipulation(text);
    return statement ? { kind: "statement", statement, position } : this.parseExpression();
  }

  #parseManipulation(keyword: string): Statement | undefined {
    switch (keyword) {
      case "INSERT":
        return this.#parseInsert();
      case "UPDATE":
        return this.#parseUpdate();
      case "DELETE":
        return this.#parseDelete();
      default:
        return undefined;
    }
  }

  protected override parseNestedStatement(): Statement {
    return this.seesWord("SELECT") ? this.#parseSelect() : this.#parseFromFirst();
  }

  #parseSelect(): SelectStatement {
    const { position } = this.next();
    for (const keyword of ["DISTINCT", "VALUE", "ALL"]) {
      if (this.seesWord(keyword)) throw unsupportedAt(`Unsupported clause: SELECT ${keyword}`, this.token.position);
    }
    const projection = this.#parseProjection();
    if (!this.takeWord("FROM")) throw notWellFormed("Expected FROM after SELECT list");
    const source = this.#parseAliased(this.#parseSource());
    if (this.sees(",") || (this.token.kind === "keyword" && joins.has(this.token.text))) {
      throw validationException("Only select from a single table or index is supported.");
    }
    const where = this.takeWord("WHERE") ? this.parseExpression() : undefined;
    const orderBy = this.#parseOrderBy();
    this.#refuseClauses();
    return { kind: "select", projection, source, where, orderBy, position };
  }

  #parseProjection(): SelectStatement["projection"] {
    if (this.seesWord("FROM")) throw notWellFormed("Cannot have empty SELECT list");
    if (this.take("*")) {
      if (this.sees(",")) throw otherExpressions();
      return "all";
    }
    const members: Expression[] = [];
    do {
      if (this.sees("*")) throw otherExpressions();
      members.push(this.parseExpression());
      this.#parseAlias();
    } while (this.take(","));
    return members;
  }

  /** What a SELECT or FROM names. */
  #parseSource(): Source {
    const expression = this.parseExpression();
    if (expression.kind !== "path" || expression.path.some((step) => typeof step === "number")) {
      throw unsupportedAt("Unexpected from source", expression.position);
    }
    return this.#sourceOf(expression);
  }

  /** What an INSERT, UPDATE or DELETE names. */
  #parseTarget(): Source {
    return this.#sourceOf(this.parsePath());
  }

  #sourceOf({ path, position }: Expression & { kind: "path" }): Source {
    return { names: path.map(String), position };
  }

  /** An alias is read, so that what follows it can be judged, and refused in the end. */
  #parseAlias(): void {
    const named = this.takeWord("AS") || this.takeWord("AT") || this.takeWord("BY");
    if (this.token.kind === "name" || this.token.kind === "quoted-name") {
      this.next();
      this.#aliased = true;
    } else if (named) throw notWellFormed("Expected identifier for alias");
  }

  #parseAliased(source: Source): Source {
    this.#parseAlias();
    return source;
  }

  #parseOrderBy(): OrderTerm[] {
    if (!this.takeWord("ORDER")) return [];
    if (!this.takeWord("BY")) throw notWellFormed("Expected BY after ORDER");
    const terms: OrderTerm[] = [];
    do {
      const expression = this.parseExpression();
      const descending = this.takeWord("DESC");
      if (!descending) this.takeWord("ASC");
      terms.push({ expression, descending });
    } while (this.take(","));
    return terms;
  }

  #refuseClauses(): void {
    const { token } = this;
    if (token.kind !== "keyword") return;
    if (token.text === "GROUP") {
      this.next();
      if (!this.takeWord("BY")) throw notWellFormed("Expected BY after GROUP");
      throw unsupportedAt("Unsupported clause: GROUP BY", this.parseExpression().position);
    }
    if (token.text === "LIMIT" || token.text === "HAVING") {
      this.next();
      throw unsupportedAt(`Unsupported clause: ${token.text}`, this.parseExpression().position);
    }
  }

  #parseInsert(): Statement {
    const { position } = this.next();
    if (!this.takeWord("INTO")) throw notWellFormed("Expected INTO after INSERT");
    const source = this.#parseTarget();
    const single = this.takeWord("VALUE");
    const value = this.parseExpression();
    if (this.seesWord("ON")) throw unsupportedAt("Unsupported clause: ON CONFLICT", this.token.position);
    // Without VALUE, a collection of items follows, which DynamoDB does not insert.
    const collection: Expression = { kind: "bag", members: [value], position: value.position };
    return { kind: "insert", source, value: single ? value : collection, position };
  }

  #parseUpdate(): Statement {
    const { position } = this.next();
    const source = this.#parseAliased(this.#parseTarget());
    const changes = this.#parseChanges();
    const where = this.takeWord("WHERE") ? this.parseExpression() : undefined;
    return { kind: "update", source, changes, where, returning: this.#parseReturning(), position };
  }

  /** `FROM … WHERE … SET …`, PartiQL's own form of an update. */
  #parseFromFirst(): UpdateStatement {
    const { position } = this.next();
    const source = this.#parseAliased(this.#parseSource());
    const where = this.takeWord("WHERE") ? this.parseExpression() : undefined;
    const changes = this.#parseChanges();
    return { kind: "update", source, changes, where, returning: this.#parseReturning(), position };
  }

  #parseChanges(): Change[] {
    const changes: Change[] = [];
    for (;;) {
      if (this.takeWord("SET")) {
        do {
          const target = this.parsePath();
          this.expect("=");
          changes.push({ kind: "set", target, value: this.parseExpression() });
        } while (this.take(","));
      } else if (this.takeWord("REMOVE")) changes.push({ kind: "remove", target: this.parsePath() });
      else break;
    }
    if (changes.length === 0) throw notWellFormed("Expected data manipulation");
    return changes;
  }

  #parseDelete(): Statement {
    const { position } = this.next();
    if (!this.takeWord("FROM")) throw notWellFormed("Expected FROM after DELETE");
    const source = this.#parseAliased(this.#parseTarget());
    const where = this.takeWord("WHERE") ? this.parseExpression() : undefined;
    return { kind: "delete", source, where, returning: this.#parseReturning(), position };
  }

  #parseReturning(): Returning | undefined {
    if (!this.takeWord("RETURNING")) return undefined;
    const extent = this.takeWord("ALL") ? "ALL" : this.takeWord("MODIFIED") ? "MODIFIED" : undefined;
    if (extent === undefined) throw notWellFormed("Expected ALL or MODIFIED after RETURNING");
    const image = this.takeWord("OLD") ? "OLD" : this.takeWord("NEW") ? "NEW" : undefined;
    if (image === undefined) throw notWellFormed(`Expected OLD or NEW after ${extent}`);
    if (!this.take("*")) throw notWellFormed("Expected * in RETURNING");
    return { extent, image };
  }
}

/** A statement that is an expression: only EXISTS is one that DynamoDB runs. */
function statementOf(expression: Expression): Statement {
  if (expression.kind === "call" && expression.name.toUpperCase() === "EXISTS") {
    const [operand] = expression.operands;
    if (expression.operands.length === 1 && operand?.kind === "statement" && operand.statement.kind === "select") {
      return { kind: "exists", select: operand.statement, position: expression.position };
    }
  }
  throw validationException(`Unsupported operation: ${operationOf(expression)}`);
}

/** AWS's names; only `IsType` is recorded. */
function operationOf(expression: Expression): string {
  switch (expression.kind) {
    case "is":
      return "IsType";
    case "path":
      return expression.path.length > 1 ? "Path" : "VariableReference";
    case "parameter":
      return "Parameter";
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "missing":
      return "Literal";
    default:
      return "NAry";
  }
}

function otherExpressions(): Error {
  return notWellFormed(
    "Other expressions may not be present in the select list when '*' is used without dot notation.",
  );
}

function aliasing(): Error {
  return validationException("Aliasing is not supported");
}
