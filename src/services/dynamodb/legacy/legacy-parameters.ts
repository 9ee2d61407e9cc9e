import { invalidParameter, validationException } from "../refusals.ts";
import type { ProjectionTree } from "../expressions/projection.ts";

/**
 * Refuses the mixing of expressions with the parameters from before them.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
 */
export function refuseMixing(
  legacy: Readonly<Record<string, unknown>>,
  expressions: Readonly<Record<string, unknown>>,
): void {
  const given = Object.keys(legacy).filter((name) => legacy[name] !== undefined);
  if (given.length === 0) return;
  const mixed = Object.keys(expressions).filter((name) => expressions[name] !== undefined);
  if (mixed.length === 0) return;
  throw validationException(
    `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${given.join(", ")}} Expression parameters: {${mixed.join(", ")}}`,
  );
}

/** AttributesToGet as a projection; its names are whole attribute names, never paths. */
export function projectAttributes(names: readonly string[] | undefined): ProjectionTree | undefined {
  if (names === undefined) return undefined;
  const tree = new Map<string, "all">();
  for (const name of names) {
    if (tree.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    tree.set(name, "all");
  }
  return tree;
}
