import type { ReturnValue } from "../../../api/dynamodb/types.ts";
import type { UpdateAction } from "../expressions/ast.ts";
import { projectItem, treeOf } from "../expressions/projection.ts";
import type { Item } from "./attribute-value.ts";

/**
 * What a write gives back of the item. UPDATED_OLD and UPDATED_NEW give only what the update named, down to the member of
 * a map or list.
 */
export function returnedAttributes(
  wanted: ReturnValue | undefined,
  before: Item | undefined,
  after: Item | undefined,
  actions: readonly UpdateAction[],
): Item | undefined {
  switch (wanted) {
    case "ALL_OLD":
      return before;
    case "ALL_NEW":
      return after;
    case "UPDATED_OLD":
    case "UPDATED_NEW": {
      const from = wanted === "UPDATED_OLD" ? before : after;
      const part = from && projectItem(from, treeOf(actions.map((action) => action.path)));
      return part && Object.keys(part).length > 0 ? part : undefined;
    }
    default:
      return undefined;
  }
}
