import type { Expression, ParsedStatement, Source, Statement } from "./ast.ts";

/** A parsed statement with all its structure shown, for tests. */
export function printStatement({ statement, parameters }: ParsedStatement): string {
  return print(statement) + (parameters > 0 ? ` /${parameters}` : "");
}

function print(statement: Statement): string {
  switch (statement.kind) {
    case "select": {
      const { projection, source, where, orderBy } = statement;
      const columns = projection === "all" ? "*" : projection.map(show).join(" ");
      const order = orderBy.map(({ expression, descending }) => `${show(expression)}${descending ? "↓" : "↑"}`);
      return `select ${columns} from ${from(source)}${clause(where)}${order.length > 0 ? ` order ${order.join(" ")}` : ""}`;
    }
    case "insert":
      return `insert ${from(statement.source)} ${show(statement.value)}`;
    case "update": {
      const changes = statement.changes.map((change) =>
        change.kind === "set" ? `set ${show(change.target)} ${show(change.value)}` : `remove ${show(change.target)}`,
      );
      return `update ${from(statement.source)} ${changes.join(" ")}${clause(statement.where)}${returning(statement)}`;
    }
    case "delete":
      return `delete ${from(statement.source)}${clause(statement.where)}${returning(statement)}`;
    case "exists":
      return `exists ${print(statement.select)}`;
  }
}

function from({ names }: Source): string {
  return names.map((name) => `<${name}>`).join(".");
}

function clause(where: Expression | undefined): string {
  return where ? ` where ${show(where)}` : "";
}

function returning({ returning: given }: Extract<Statement, { kind: "update" | "delete" }>): string {
  return given ? ` returning ${given.extent} ${given.image}` : "";
}

function show(expression: Expression): string {
  const all = (members: readonly Expression[]) => members.map(show).join(" ");
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "string":
      return `'${expression.text}'`;
    case "boolean":
      return String(expression.value);
    case "null":
    case "missing":
      return expression.kind;
    case "star":
      return "*";
    case "parameter":
      return `?${expression.at}`;
    case "path":
      return expression.path
        .map((step, at) => (typeof step === "number" ? `[${step}]` : at > 0 ? `.${step}` : step))
        .join("");
    case "list":
    case "bag":
    case "row":
      return `(${expression.kind}${expression.members.length > 0 ? ` ${all(expression.members)}` : ""})`;
    case "tuple":
      return `{${expression.members.map(({ name, value }) => `${show(name)}: ${show(value)}`).join(" ")}}`;
    case "call":
      return `${expression.name}(${all(expression.operands)})`;
    case "binary":
      return `(${expression.operator} ${show(expression.left)} ${show(expression.right)})`;
    case "between":
      return `(between ${all([expression.operand, expression.low, expression.high])})`;
    case "in":
      return `(in ${all([expression.operand, expression.members])})`;
    case "is":
      return `(is ${show(expression.operand)} ${expression.type})`;
    case "not":
    case "sign":
      return `(${expression.kind} ${show(expression.operand)})`;
    case "statement":
      return `[${print(expression.statement)}]`;
  }
}
