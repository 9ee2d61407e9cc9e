/** A filter pattern ready to use, or why there is none. */
export type LogFilter =
  | { readonly kind: "filter"; readonly match: (message: string) => boolean }
  | { readonly kind: "invalid"; readonly reason: string }
  /** A form of the language that is not built yet; `what` names it, in the plural. */
  | { readonly kind: "unsupported"; readonly what: string };

interface Term {
  readonly kind: "all" | "any" | "none";
  readonly text: string;
}

/**
 * Compiles a CloudWatch Logs filter pattern over unstructured messages: every term must be in the message, of `?terms`
 * one, of `-terms` none. Terms match as substrings and by case; quotes hold together what has other characters in it.
 * As on AWS, `?terms` count for nothing beside terms of other kinds.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileLogFilter(pattern: string): LogFilter {
  const text = pattern.trim();
  if (text.startsWith("{")) return { kind: "unsupported", what: "JSON expressions" };
  if (text.startsWith("[")) return { kind: "unsupported", what: "space-delimited fields" };
  const terms: Term[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const sign = text[at] === "?" ? "any" : text[at] === "-" ? "none" : "all";
    if (sign !== "all") at++;
    if (text[at] === "%") return { kind: "unsupported", what: "regular expressions" };
    const read = text[at] === '"' ? readQuoted(text, at) : readWord(text, at);
    if (read === undefined) return { kind: "invalid", reason: `the quote at position ${at} is not closed` };
    if (read.text !== "") terms.push({ kind: sign, text: read.text });
    at = read.end;
  }
  const all = terms.filter((term) => term.kind === "all").map((term) => term.text);
  const none = terms.filter((term) => term.kind === "none").map((term) => term.text);
  const any = all.length + none.length > 0 ? [] : terms.map((term) => term.text);
  return {
    kind: "filter",
    match: (message) =>
      all.every((term) => message.includes(term)) &&
      none.every((term) => !message.includes(term)) &&
      (any.length === 0 || any.some((term) => message.includes(term))),
  };
}

function readWord(text: string, start: number): { text: string; end: number } {
  let end = start;
  while (end < text.length && !/\s/.test(text[end]!)) end++;
  // A sign with nothing behind it stands for itself.
  return { text: text.slice(start, end), end: Math.max(end, start + 1) };
}

function readQuoted(text: string, start: number): { text: string; end: number } | undefined {
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\" && (text[at + 1] === '"' || text[at + 1] === "\\")) content += text[++at];
    else if (text[at] === '"') return { text: content, end: at + 1 };
    else content += text[at];
  }
  return undefined;
}
