import { invalidParameter, notImplemented, validationException } from "../refusals.ts";
import type { ProjectionTree } from "../expressions/projection.ts";

/**
 * Refuses the parameters from before expressions that Virga has not built yet, and their mixing with expressions, which
 * AWS refuses too.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
 */
export function refuseLegacyParameters(
  legacy: Readonly<Record<string, unknown>>,
  expressions: Readonly<Record<string, unknown>>,
): void {
  const given = Object.keys(legacy).filter((name) => legacy[name] !== undefined);
  if (given.length === 0) return;
  const mixed = Object.keys(expressions).filter((name) => expressions[name] !== undefined);
  if (mixed.length > 0) {
    throw validationException(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${given.join(", ")}} Expression parameters: {${mixed.join(", ")}}`,
    );
  }
  const unbuilt = given.filter((name) => name !== "AttributesToGet");
  if (unbuilt.length > 0) {
    throw notImplemented(
      `the legacy ${unbuilt.length > 1 ? "parameters" : "parameter"} ${unbuilt.join(", ")} of DynamoDB; use expressions instead`,
    );
  }
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
