import type { Value } from "../../../languages/vtl/value.ts";

type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "every" };

/** A way into a JSON value: `$.users[0].name`, `$['a b']`, `$.users[*].name`. */
export interface JsonPath {
  readonly steps: readonly Step[];
}

const step =
  /\.(?<name>[\p{L}_][\p{L}\p{N}_-]*)|\[\s*'(?<single>[^']*)'\s*\]|\[\s*"(?<double>[^"]*)"\s*\]|\[\s*(?<index>-?\d{1,9})\s*\]|(?<every>\.\*|\[\s*\*\s*\])/uy;

/** Undefined where the text is no path, or uses what is not built (filters, slices, `..`, functions). */
export function parseJsonPath(text: string): JsonPath | undefined {
  const source = text.trim();
  if (!source.startsWith("$")) return undefined;
  const steps: Step[] = [];
  let at = 1;
  while (at < source.length) {
    step.lastIndex = at;
    const match = step.exec(source);
    if (match === null) return undefined;
    const { name, single, double, index, every } = match.groups!;
    if (every !== undefined) steps.push({ kind: "every" });
    else if (index !== undefined) steps.push({ kind: "item", index: Number(index) });
    else steps.push({ kind: "member", name: name ?? single ?? double! });
    at = step.lastIndex;
  }
  return { steps };
}

/** What the path leads to. A path with `*` leads to a list. */
export function followJsonPath(path: JsonPath, value: Value): Value {
  let found: readonly Value[] = [value];
  let many = false;
  for (const each of path.steps) {
    many ||= each.kind === "every";
    found = found.flatMap((from) => follow(each, from));
  }
  return many ? found : found[0];
}

function follow(each: Step, from: Value): readonly Value[] {
  if (typeof from !== "object" || from === null) return [];
  if (each.kind === "every") return Object.values(from);
  if (each.kind === "item") {
    const item = Array.isArray(from) ? (from as readonly Value[]).at(each.index) : undefined;
    return item === undefined ? [] : [item];
  }
  return !Array.isArray(from) && Object.hasOwn(from, each.name) ? [(from as Record<string, Value>)[each.name]] : [];
}
