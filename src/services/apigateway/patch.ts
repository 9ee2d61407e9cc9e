import type { PatchOperation } from "../../api/apigateway/types.ts";
import { badRequest } from "./refusals.ts";

type Op = "add" | "remove" | "replace";

/** One place in a resource that PATCH can change. */
export interface PatchPath<Row> {
  /** `/description`, `/variables/{name}`: braces stand for one segment, `~1` in which is a slash. */
  readonly path: string;
  readonly ops: readonly Op[];
  /** The row after the change; `key` is what stood for the braces. */
  readonly apply: (row: Row, change: PatchChange) => Row;
}

export interface PatchChange {
  readonly op: Op;
  readonly key: string;
  readonly value: string;
}

type KnownPath = Pick<PatchPath<never>, "path" | "ops">;

/** How a kind of resource words a path that it does not have. */
export type UnknownPath = (path: string, op: string, known: readonly KnownPath[]) => string;

/** Resources, deployments, accounts. */
export const listsPaths: UnknownPath = (path, op, known) => {
  const paths = known.filter(({ ops }) => ops.includes(op as Op)).map((candidate) => candidate.path);
  const hint = paths.length === 0 ? "Please choose supported operations" : `Must be one of: [${paths.join(", ")}]`;
  return `Invalid patch path  '${path}' specified for op '${op}'. ${hint}`;
};

/** REST APIs and methods. */
export const namesPath: UnknownPath = (path) => `Invalid patch path ${path}`;

const maxOperations = 1000;

/**
 * Applies the operations of an Update… request, one after another.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
 */
export function applyPatch<Row>(
  row: Row,
  operations: readonly PatchOperation[] | undefined,
  paths: readonly PatchPath<Row>[],
  unknown: UnknownPath,
): Row {
  if ((operations?.length ?? 0) > maxOperations) throw badRequest("Too many patch operations specified");
  let patched = row;
  for (const { op, path, value } of operations ?? []) {
    if (op === undefined || path === undefined) throw badRequest("Invalid patch operation specified.");
    const found = find(path, paths);
    if (found === undefined) throw badRequest(unknown(path, op, paths));
    const { ops } = found.target;
    if (!ops.includes(op as Op)) {
      throw badRequest(
        unknown === listsPaths
          ? listsPaths(path, op, paths)
          : `Invalid patch operation specified. Must be one of: [${ops.join(", ")}]`,
      );
    }
    patched = found.target.apply(patched, { op: op as Op, key: found.key, value: value ?? "" });
  }
  return patched;
}

function find<Row>(
  path: string,
  paths: readonly PatchPath<Row>[],
): { target: PatchPath<Row>; key: string } | undefined {
  for (const target of paths) {
    const brace = target.path.indexOf("{");
    if (brace < 0) {
      if (target.path === path) return { target, key: "" };
      continue;
    }
    const segment = path.slice(brace);
    if (path.startsWith(target.path.slice(0, brace)) && segment !== "" && !segment.includes("/")) {
      return { target, key: segment.replaceAll("~1", "/").replaceAll("~0", "~") };
    }
  }
  return undefined;
}

export function readBoolean(value: string): boolean {
  return value.toLowerCase() === "true";
}
