import type { Position } from "./ast.ts";
import { keywords } from "./keywords.ts";
import { notWellFormed } from "./refusals.ts";

export type TokenKind = "keyword" | "name" | "quoted-name" | "string" | "number" | "parameter" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Of keywords in upper case; of quoted texts what they hold. */
  readonly text: string;
  /** As written, which matters for functions that share their names with keywords. */
  readonly written: string;
  readonly position: Position;
}

const form =
  /(?<space>\s+|--[^\n\r]*|\/\*[^]*?\*\/)|(?<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?<word>[A-Za-z_$][A-Za-z0-9_$]*)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<symbol><<|>>|<=|>=|<>|!=|\|\||\/(?!\*)|[-+*%=<>()[\]{},.:;?])/uy;

/** The tokens of a statement, closed by one of kind `end`. @throws ValidationException at what is none */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  while (at < text.length) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match === null) throw notWellFormed();
    const [written] = match;
    const position: Position = { line, column: at - lineStart + 1, length: written.length };
    const token = tokenOf(match, position);
    if (token) tokens.push(token);
    at += written.length;
    for (let feed = written.indexOf("\n"); feed >= 0; feed = written.indexOf("\n", feed + 1)) {
      line++;
      lineStart = at - written.length + feed + 1;
    }
  }
  tokens.push({ kind: "end", text: "", written: "", position: { line, column: at - lineStart + 1, length: 0 } });
  return tokens;
}

function tokenOf(match: RegExpExecArray, position: Position): Token | undefined {
  const groups = match.groups!;
  const [written] = match;
  if (groups["space"] !== undefined) return undefined;
  if (groups["word"] !== undefined) {
    const keyword = written.toUpperCase();
    return keywords.has(keyword)
      ? { kind: "keyword", text: keyword, written, position }
      : { kind: "name", text: written, written, position };
  }
  if (groups["string"] !== undefined) {
    return { kind: "string", text: written.slice(1, -1).replaceAll("''", "'"), written, position };
  }
  if (groups["quoted"] !== undefined) {
    return { kind: "quoted-name", text: written.slice(1, -1).replaceAll('""', '"'), written, position };
  }
  if (groups["number"] !== undefined) {
    requireScale(written);
    return { kind: "number", text: written, written, position };
  }
  if (written === "?") return { kind: "parameter", text: written, written, position };
  return { kind: "symbol", text: written === "!=" ? "<>" : written, written, position };
}

const maxScale = 2 ** 31 - 1;

/** AWS reads numbers into a decimal whose exponent and scale have 32 bits. */
function requireScale(written: string): void {
  const [mantissa = "", exponentText = "0"] = written.toLowerCase().split("e");
  const exponent = Number(exponentText);
  const fraction = mantissa.includes(".") ? mantissa.length - mantissa.indexOf(".") - 1 : 0;
  if (Math.abs(exponent) > maxScale || Math.abs(fraction - exponent) > maxScale) throw notWellFormed();
}
