import { validationException } from "../refusals.ts";
import { printPath } from "./ast.ts";
import type { DocumentPath } from "./ast.ts";
import type { ExpressionParser } from "./parser.ts";

/** Notes the first two paths that mean the same place, or of which one is inside the other. */
export function noteOverlaps(parser: ExpressionParser, paths: readonly DocumentPath[]): void {
  for (let second = 1; second < paths.length; second++) {
    for (let first = 0; first < second; first++) {
      const fault = overlapOf(paths[first]!, paths[second]!);
      if (fault) parser.fault("overlap", fault);
    }
  }
}

/** @throws ValidationException for such paths where no expression is to be named */
export function requireDistinctPaths(paths: readonly DocumentPath[]): void {
  for (let second = 1; second < paths.length; second++) {
    for (let first = 0; first < second; first++) {
      const fault = overlapOf(paths[first]!, paths[second]!);
      if (fault) throw validationException(fault);
    }
  }
}

function overlapOf(one: DocumentPath, two: DocumentPath): string | undefined {
  const shared = Math.min(one.length, two.length);
  for (let at = 0; at < shared; at++) {
    if (one[at] === two[at]) continue;
    return typeof one[at] === typeof two[at] ? undefined : describe("conflict", one, two);
  }
  return describe("overlap", one, two);
}

function describe(what: "overlap" | "conflict", one: DocumentPath, two: DocumentPath): string {
  return `Two document paths ${what} with each other; must remove or rewrite one of these paths; path one: ${printPath(one)}, path two: ${printPath(two)}`;
}
