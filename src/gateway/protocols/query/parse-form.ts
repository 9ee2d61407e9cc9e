import { Dictionary } from "../dictionary.ts";

/** Beyond this many pairs a form or query string is refused. */
export const maxPairs = 20_000;

/**
 * The pairs of a form or a query string, percent-decoded, in their order. Undefined when an escape is malformed, the
 * bytes are no UTF-8, or there are too many pairs.
 */
export function parsePairs(text: string): [name: string, value: string][] | undefined {
  const pairs: [string, string][] = [];
  if (text === "") return pairs;
  for (const part of text.split("&", maxPairs + 1)) {
    if (part === "") continue;
    if (pairs.length === maxPairs) return undefined;
    const equals = part.indexOf("=");
    const name = decodePart(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? "" : decodePart(part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

function decodePart(text: string): string | undefined {
  return percentDecode(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/** Undefined when an escape is malformed or no UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A form as a tree: `a.b.1=x` is under a, b, 1. */
export interface FormNode {
  value?: string;
  children?: Record<string, FormNode>;
}

/** The tree of a form's pairs; of pairs with the same name the last wins. Undefined when names nest too deeply. */
export function formTree(
  pairs: readonly (readonly [name: string, value: string])[],
  depth: number,
): FormNode | undefined {
  const root: FormNode = {};
  for (const [name, value] of pairs) {
    let node = root;
    const parts = name.split(".", depth + 1);
    if (parts.length > depth) return undefined;
    for (const part of parts) {
      node.children ??= new Dictionary() as Record<string, FormNode>;
      node = node.children[part] ??= {};
    }
    node.value = value;
  }
  return root;
}
