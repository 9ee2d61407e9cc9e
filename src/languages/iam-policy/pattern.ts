/** The value of a condition key in a request: one text, or several for keys that hold sets. */
export type ContextValue = string | readonly string[];

/** Looks up a condition key, given in lower case. */
export type ContextLookup = (key: string) => ContextValue | undefined;

/** A text with wildcards and policy variables, ready to be matched. */
export interface Pattern {
  matches(value: string, context: ContextLookup): boolean;
}

export interface PatternOptions {
  /** `${aws:username}` stands for a value of the request: only in policies of version 2012-10-17. */
  readonly variables: boolean;
  /** `*` and `?` stand for any characters. */
  readonly wildcards: boolean;
  readonly ignoreCase?: boolean;
}

/** Code points outside Unicode's scalar range stand for the wildcards, so that no character of a text can be one. */
const anyRun = 0x110000;
const anyOne = 0x110001;

type Piece =
  | { readonly codes: readonly number[] }
  | { readonly variable: string; readonly fallback: string | undefined };

/**
 * Compiles a text of a policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(text: string, options: PatternOptions): Pattern {
  return fromPieces(readPieces(text, options), options);
}

/**
 * Compiles an ARN with wildcards: each of its six parts is matched on its own, so that a `*` in the region cannot reach
 * into the account. A text with fewer parts (`arn:aws:s3*`) is matched as a whole.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileArnPattern(text: string, options: PatternOptions): Pattern {
  if (text === "*" && options.wildcards) return always;
  const pieces = readPieces(text, options);
  const parts = splitPieces(pieces);
  // A wildcard at the very end cannot cross a part; neither can none at all.
  if (!parts || !hasInnerWildcard(pieces)) return fromPieces(pieces, options);
  const patterns = parts.map((pieces) => fromPieces(pieces, options));
  return {
    matches(value, context) {
      let start = 0;
      for (let index = 0; index < 5; index++) {
        const end = value.indexOf(":", start);
        if (end < 0) return false;
        if (!patterns[index]!.matches(value.slice(start, end), context)) return false;
        start = end + 1;
      }
      return patterns[5]!.matches(value.slice(start), context);
    },
  };
}

function hasInnerWildcard(pieces: readonly Piece[]): boolean {
  const [only, ...others] = pieces;
  if (!only || others.length > 0 || !("codes" in only)) return true;
  const first = only.codes.findIndex((code) => code >= anyRun);
  return first >= 0 && !(first === only.codes.length - 1 && only.codes[first] === anyRun);
}

const always: Pattern = { matches: () => true };

function fromPieces(pieces: readonly Piece[], options: PatternOptions): Pattern {
  const fixed = pieces.flatMap((piece) => ("codes" in piece ? piece.codes : []));
  if (pieces.every((piece) => "codes" in piece)) return fixedPattern(fixed, options);
  return {
    matches(value, context) {
      const codes: number[] = [];
      for (const piece of pieces) {
        if ("codes" in piece) {
          codes.push(...piece.codes);
          continue;
        }
        const found = valueOf(context(piece.variable)) ?? piece.fallback;
        // A variable without a value equals nothing.
        if (found === undefined) return false;
        // What a request brings is text: its asterisks are asterisks.
        codes.push(...codesOf(found));
      }
      return fixedPattern(codes, options).matches(value, context);
    },
  };
}

/** Keys that hold sets cannot be used as variables. */
function valueOf(value: ContextValue | undefined): string | undefined {
  return typeof value === "string" ? value : value?.length === 1 ? value[0] : undefined;
}

function fixedPattern(codes: readonly number[], { ignoreCase }: PatternOptions): Pattern {
  const wildcards = codes.filter((code) => code >= anyRun);
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  if (wildcards.length === 0) {
    const text = fold(textOf(codes));
    return { matches: (value) => fold(value) === text };
  }
  if (wildcards.length === 1 && codes.at(-1) === anyRun) {
    if (codes.length === 1) return always;
    const start = fold(textOf(codes.slice(0, -1)));
    return { matches: (value) => fold(value).startsWith(start) };
  }
  const folded = ignoreCase
    ? codes.flatMap((code) => (code >= anyRun ? [code] : codesOf(fold(textOf([code])))))
    : codes;
  return { matches: (value) => matchWildcards(folded, codesOf(fold(value))) };
}

/**
 * Goes back to the latest `*` only, never to an earlier one: at worst the product of both lengths, whatever the pattern.
 */
function matchWildcards(pattern: readonly number[], value: readonly number[]): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (next < value.length) {
    const code = pattern[at];
    if (code === anyRun) {
      star = at++;
      resume = next;
    } else if (code === anyOne || (code !== undefined && code === value[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === anyRun) at++;
  return at === pattern.length;
}

function readPieces(text: string, { variables, wildcards }: PatternOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let codes: number[] = [];
  let at = 0;
  while (at < text.length) {
    const close = variables && text.startsWith("${", at) ? text.indexOf("}", at) : -1;
    if (close > 0) {
      const inside = text.slice(at + 2, close).trim();
      at = close + 1;
      if (inside === "*" || inside === "?" || inside === "$") {
        codes.push(inside.charCodeAt(0));
        continue;
      }
      if (codes.length > 0) pieces.push({ codes });
      codes = [];
      pieces.push(readVariable(inside));
      continue;
    }
    const code = text.codePointAt(at)!;
    at += code > 0xffff ? 2 : 1;
    codes.push(wildcards && code === 0x2a ? anyRun : wildcards && code === 0x3f ? anyOne : code);
  }
  if (codes.length > 0 || pieces.length === 0) pieces.push({ codes });
  return pieces;
}

/** `aws:PrincipalTag/team, 'none'`: the key, and what stands for it where the request has none. */
function readVariable(inside: string): Piece {
  const parts = /^([^,]*?)\s*,\s*'([^']*)'$/.exec(inside);
  return { variable: (parts?.[1] ?? inside).toLowerCase(), fallback: parts?.[2] };
}

/** Cuts at the first five colons outside variables; undefined when there are fewer. */
function splitPieces(pieces: readonly Piece[]): readonly (readonly Piece[])[] | undefined {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (!("codes" in piece)) {
      parts.at(-1)!.push(piece);
      continue;
    }
    let start = 0;
    for (let index = 0; index < piece.codes.length && parts.length < 6; index++) {
      if (piece.codes[index] !== 0x3a) continue;
      parts.at(-1)!.push({ codes: piece.codes.slice(start, index) });
      parts.push([]);
      start = index + 1;
    }
    parts.at(-1)!.push({ codes: piece.codes.slice(start) });
  }
  return parts.length === 6 ? parts : undefined;
}

function codesOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

function textOf(codes: readonly number[]): string {
  return codes.map((code) => String.fromCodePoint(code)).join("");
}
