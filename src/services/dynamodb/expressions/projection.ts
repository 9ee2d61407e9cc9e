import { attributeOf, emptyItem } from "../items/attribute-value.ts";
import type { AttributeValue, Item, MutableItem } from "../items/attribute-value.ts";
import type { DocumentPath } from "./ast.ts";
import { noteOverlaps } from "./overlaps.ts";
import { ExpressionParser } from "./parser.ts";
import type { ExpressionNames, References } from "./parser.ts";

export interface ParsedProjection extends References {
  readonly paths: readonly DocumentPath[];
  readonly tree: ProjectionTree;
}

/** Which parts of a document are wanted: everything below a step, or more steps. */
export type ProjectionTree = ReadonlyMap<string | number, ProjectionTree | "all">;

/**
 * Parses a projection expression.
 * @throws ValidationException as AWS words it
 */
export function parseProjection(label: string, text: string, names: ExpressionNames): ParsedProjection {
  const parser = new ExpressionParser(label, text, names);
  const paths: DocumentPath[] = [];
  do paths.push(parser.parsePath().path);
  while (parser.take(","));
  noteOverlaps(parser, paths);
  return { paths, tree: treeOf(paths), ...parser.finish() };
}

/** The tree of paths of which none overlap. */
export function treeOf(paths: readonly DocumentPath[]): ProjectionTree {
  const root = new Map<string | number, ProjectionTree | "all">();
  for (const path of paths) {
    let level = root;
    for (let at = 0; at < path.length - 1; at++) {
      let below = level.get(path[at]!);
      if (below === undefined || below === "all") level.set(path[at]!, (below = new Map()));
      level = below as Map<string | number, ProjectionTree | "all">;
    }
    level.set(path.at(-1)!, "all");
  }
  return root;
}

/** The wanted part of an item. List members that are left close up, in the order of the list. */
export function projectItem(item: Item, tree: ProjectionTree): Item {
  const projected: MutableItem = emptyItem();
  for (const [name, below] of tree) {
    const value = attributeOf(item, name as string);
    if (value === undefined) continue;
    const part = projectValue(value, below);
    if (part !== undefined) projected[name as string] = part;
  }
  return projected;
}

function projectValue(value: AttributeValue, tree: ProjectionTree | "all"): AttributeValue | undefined {
  if (tree === "all") return value;
  if ("M" in value) {
    const members = projectItem(value.M, tree);
    return Object.keys(members).length > 0 ? { M: members } : undefined;
  }
  if (!("L" in value)) return undefined;
  const members: AttributeValue[] = [];
  const indexes = [...tree.keys()].filter((step) => typeof step === "number").toSorted((a, b) => a - b);
  for (const index of indexes) {
    const member = value.L[index];
    const part = member && projectValue(member, tree.get(index)!);
    if (part !== undefined) members.push(part);
  }
  return members.length > 0 ? { L: members } : undefined;
}
