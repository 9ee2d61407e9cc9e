export type TokenKind = "word" | "name" | "value" | "index" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offsets into the expression, end exclusive. */
  readonly start: number;
  readonly end: number;
}

// A name that begins with an underscore or a digit needs a placeholder, as on AWS.
const tokenForm =
  /(?<word>[A-Za-z][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>[0-9]+)|(?<symbol><=|>=|<>|\S)/gu;

/** The tokens of an expression, closed by one of kind `end`. What no grammar knows comes as a symbol and fails there. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(tokenForm)) {
    const groups = match.groups!;
    const kind: TokenKind =
      groups["word"] !== undefined
        ? "word"
        : groups["name"] !== undefined
          ? "name"
          : groups["value"] !== undefined
            ? "value"
            : groups["index"] !== undefined
              ? "index"
              : "symbol";
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  tokens.push({ kind: "end", text: "<EOF>", start: text.length, end: text.length });
  return tokens;
}
