import type { Expression, Node, Step, Template } from "./ast.ts";
import { ExpressionParser, maxDepth } from "./parse-expression.ts";
import { Scanner } from "./scanner.ts";

const plain = /[^$#\\]+/y;
const directive = /#(?:\{([a-zA-Z]+)\}|([a-zA-Z]+))/y;
/** Directives with parentheses, `#else` and `#end` take the rest of their line with them when it is blank. */
const blankRest = /[ \t]*(?:\r\n|\n|\r)/y;
const lineComment = /##[^\r\n]*(?:\r\n|\n|\r)?/y;

type End = "end" | "else" | "elseif" | "source";

/**
 * Parses a template of the Velocity Template Language.
 * @throws {VtlError} where it is malformed, or uses what is not implemented.
 * @see https://velocity.apache.org/engine/1.7/user-guide.html
 */
export function parseTemplate(source: string): Template {
  return new TemplateParser(source).parse(0);
}

class TemplateParser {
  readonly #scanner: Scanner;
  readonly #expressions: ExpressionParser;
  #nodes: Node[] = [];
  #text = "";

  constructor(source: string) {
    this.#scanner = new Scanner(source);
    this.#expressions = new ExpressionParser(this.#scanner, (text, depth) => new TemplateParser(text).parse(depth));
  }

  parse(depth: number): Template {
    const { nodes, end } = this.#block(depth);
    if (end !== "source") throw this.#scanner.error(`#${end} without #if or #foreach`);
    return nodes;
  }

  /** Nodes up to the directive that ends the block, which is taken. */
  #block(depth: number): { nodes: Node[]; end: End } {
    if (depth > maxDepth) throw this.#scanner.error("The template is nested too deeply");
    const outer = this.#nodes;
    const nodes: Node[] = (this.#nodes = []);
    try {
      for (;;) {
        const end = this.#next(depth);
        if (end !== undefined) {
          this.#flush();
          return { nodes, end };
        }
      }
    } finally {
      this.#nodes = outer;
    }
  }

  /** Reads one piece; answers how the block ends when it does. */
  #next(depth: number): End | undefined {
    const scanner = this.#scanner;
    if (scanner.done) return "source";
    const text = scanner.match(plain);
    if (text !== undefined) {
      this.#text += text;
      return undefined;
    }
    switch (scanner.peek()) {
      case "$":
        this.#reference(depth);
        return undefined;
      case "#":
        return this.#hash(depth);
      default:
        // What a backslash does depends on whether the name behind it has a value.
        if (/[$#]/.test(scanner.peek(1))) throw scanner.unsupported(`An escape (\\${scanner.peek(1)})`);
        this.#text += "\\";
        scanner.at++;
        return undefined;
    }
  }

  #reference(depth: number): void {
    const reference = this.#expressions.reference(depth);
    if (reference === undefined) {
      this.#text += "$";
      this.#scanner.at++;
      return;
    }
    this.#flush();
    this.#nodes.push(reference);
  }

  #hash(depth: number): End | undefined {
    const scanner = this.#scanner;
    const start = scanner.at;
    if (scanner.match(lineComment) !== undefined) return undefined;
    if (scanner.take("#*")) {
      const end = scanner.source.indexOf("*#", scanner.at);
      if (end < 0) throw scanner.error("A comment has no end", start);
      scanner.at = end + 2;
      return undefined;
    }
    if (scanner.take("#[[")) {
      const end = scanner.source.indexOf("]]#", scanner.at);
      if (end < 0) throw scanner.error("A literal #[[ has no end", start);
      this.#text += scanner.source.slice(scanner.at, end);
      scanner.at = end + 3;
      return undefined;
    }
    directive.lastIndex = start;
    const match = directive.exec(scanner.source);
    if (match === null) {
      this.#text += "#";
      scanner.at++;
      return undefined;
    }
    scanner.at += match[0].length;
    return this.#directive(match[1] ?? match[2]!, start, depth);
  }

  #directive(name: string, start: number, depth: number): End | undefined {
    const scanner = this.#scanner;
    switch (name) {
      case "set":
        this.#set(depth);
        return undefined;
      case "if":
        this.#if(depth);
        return undefined;
      case "foreach":
        this.#foreach(depth);
        return undefined;
      case "end":
      case "else":
        scanner.match(blankRest);
        return name;
      case "elseif":
        return name;
      case "stop":
      case "break":
        this.#flush();
        this.#nodes.push({ kind: name });
        return undefined;
      default:
        break;
    }
    // Any other word is a macro's name if a macro has it; #{…} and #word( can mean nothing else.
    if (known.has(name) || scanner.peek() === "(") throw scanner.unsupported(`#${name}`, start);
    this.#text += scanner.source.slice(start, scanner.at);
    return undefined;
  }

  #set(depth: number): void {
    const scanner = this.#scanner;
    // #set takes the blanks before it along.
    this.#text = this.#text.replace(/[ \t]+$/, "");
    this.#flush();
    this.#open("#set");
    const target = this.#expressions.reference(depth + 1);
    if (target === undefined) throw scanner.error("Expected a name after $");
    const path = target.steps.map(nameOfStep);
    if (!path.every((name) => name !== undefined)) throw scanner.unsupported(`#set of ${target.source}`);
    this.#expressions.skipSpace();
    scanner.require("=", "in #set");
    this.#expressions.skipSpace();
    const value = this.#expressions.parse(depth + 1);
    this.#close("#set");
    this.#nodes.push({ kind: "set", name: target.name, path, value });
  }

  #if(depth: number): void {
    this.#flush();
    const branches: { condition: Expression; body: Template }[] = [];
    let otherwise: Template = [];
    for (;;) {
      const condition = this.#condition(depth);
      let { nodes, end } = this.#block(depth + 1);
      branches.push({ condition, body: nodes });
      if (end === "elseif") continue;
      if (end === "else") {
        ({ nodes, end } = this.#block(depth + 1));
        otherwise = nodes;
      }
      if (end !== "end") throw this.#scanner.error("#if has no #end");
      this.#nodes.push({ kind: "if", branches, otherwise });
      return;
    }
  }

  #condition(depth: number): Expression {
    this.#open("#if");
    const condition = this.#expressions.parse(depth + 1);
    this.#close("#if");
    return condition;
  }

  #foreach(depth: number): void {
    const scanner = this.#scanner;
    this.#flush();
    this.#open("#foreach");
    const item = this.#expressions.reference(depth + 1);
    if (item === undefined || item.steps.length > 0) throw scanner.error("Expected a name in #foreach");
    this.#expressions.skipSpace();
    scanner.require("in", "in #foreach");
    this.#expressions.skipSpace();
    const over = this.#expressions.parse(depth + 1);
    this.#close("#foreach");
    const { nodes, end } = this.#block(depth + 1);
    if (end !== "end") throw scanner.error("#foreach has no #end");
    this.#nodes.push({ kind: "foreach", name: item.name, over, body: nodes });
  }

  #open(name: string): void {
    this.#expressions.skipSpace();
    this.#scanner.require("(", `after ${name}`);
    this.#expressions.skipSpace();
    if (name !== "#if" && this.#scanner.peek() !== "$") throw this.#scanner.error(`Expected a name in ${name}`);
  }

  #close(name: string): void {
    this.#expressions.skipSpace();
    this.#scanner.require(")", `at the end of ${name}`);
    this.#scanner.match(blankRest);
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#nodes.push({ kind: "text", text: this.#text });
    this.#text = "";
  }
}

/** `.name` and `['name']` name what is set. */
function nameOfStep(step: Step): string | undefined {
  if (step.kind === "property") return step.name;
  const named = step.kind === "index" && step.index.kind === "literal" ? step.index.value : undefined;
  return typeof named === "string" ? named : undefined;
}

/** Directives of Velocity that are not built. */
const known: ReadonlySet<string> = new Set(["macro", "parse", "include", "evaluate", "define"]);
