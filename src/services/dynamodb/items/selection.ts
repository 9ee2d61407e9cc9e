import type { Select } from "../../../api/dynamodb/types.ts";
import { projectItem } from "../expressions/projection.ts";
import type { ProjectionTree } from "../expressions/projection.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { IndexRow } from "../state.ts";
import type { Item } from "./attribute-value.ts";

/** What Query and Scan give of each item. */
export interface Selection {
  readonly kind: "items" | "count";
  /** The part that was asked for; absent for all that was read. */
  readonly project?: (item: Item) => Item;
  /** The index holds too little: items are read from the table. */
  readonly wholeItems: boolean;
}

/**
 * Reads `Select` and the projection together.
 * @throws ValidationException as AWS words it
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
 */
export function readSelection(
  operation: "Querying" | "Scanning",
  select: Select | undefined,
  tree: ProjectionTree | undefined,
  treeFrom: "ProjectionExpression" | "AttributesToGet",
  index: IndexRow | undefined,
): Selection {
  if (tree !== undefined && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    const what = select === "COUNT" ? "only the Count" : select;
    throw validationException(`Cannot specify the ${treeFrom} when choosing to get ${what}`);
  }
  switch (select) {
    case "COUNT":
      return { kind: "count", wholeItems: false };
    case "SPECIFIC_ATTRIBUTES":
      if (tree === undefined) {
        throw validationException(
          "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        );
      }
      break;
    case "ALL_PROJECTED_ATTRIBUTES":
      if (index === undefined) {
        throw invalidParameter(`ALL_PROJECTED_ATTRIBUTES can be used only when ${operation} using an IndexName`);
      }
      break;
    case "ALL_ATTRIBUTES":
      if (index?.projected && index.kind === "global") {
        throw invalidParameter(
          `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
        );
      }
      return { kind: "items", wholeItems: index?.projected !== undefined };
    case undefined:
      break;
  }
  if (tree === undefined) return { kind: "items", wholeItems: false };
  return {
    kind: "items",
    project: (item) => projectItem(item, tree),
    wholeItems: index !== undefined && reachesBeyond(index, tree),
  };
}

/** Whether attributes are wanted that the index does not hold. @throws ValidationException for a global index */
function reachesBeyond(index: IndexRow, tree: ProjectionTree): boolean {
  if (!index.projected) return false;
  const missing = [...tree.keys()].filter((name) => !index.projected!.includes(name as string));
  if (missing.length === 0) return false;
  if (index.kind === "global") {
    throw invalidParameter(`Global secondary index ${index.name} does not project [${missing.join(", ")}]`);
  }
  return true;
}
