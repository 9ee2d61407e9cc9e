import type { UpdateAction } from "../expressions/ast.ts";
import type { ExpressionValues } from "../expressions/parser.ts";
import { applyUpdate } from "../expressions/update.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { TableRow } from "../state.ts";
import { attributeOf, typeOf } from "./attribute-value.ts";
import type { AttributeValue, Item } from "./attribute-value.ts";
import { requireDepth } from "./check-value.ts";
import { itemBytes, requireUpdatedItemFits } from "./item-size.ts";
import { keyAttributes, requireIndexKeys } from "./keys.ts";

/** @throws ValidationException when an update would change the item's own key */
export function requireKeyUntouched(table: TableRow, actions: readonly UpdateAction[]): void {
  for (const { path } of actions) {
    if (keyAttributes(table).some((attribute) => attribute.name === path[0])) {
      throw invalidParameter(`Cannot update attribute ${path[0]}. This attribute is part of the key`);
    }
  }
}

/**
 * The item after an update, and its size. An item that was not there begins with its key.
 * @throws ValidationException as AWS words it
 */
export function updateItemTo(
  table: TableRow,
  before: Item | undefined,
  key: Item,
  actions: readonly UpdateAction[],
  values: ExpressionValues,
): { readonly item: Item; readonly size: number } {
  const item = applyUpdate(actions, before ?? key, values);
  for (const { path } of actions) if (path.length > 1) requireValueDepth(attributeOf(item, path[0]), 0);
  const size = itemBytes(item);
  requireUpdatedItemFits(size);
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index)) {
      const value = attributeOf(item, name);
      if (value !== undefined && typeOf(value) !== type) {
        throw validationException(
          "The update expression attempted to update the secondary index key to unsupported type",
        );
      }
    }
    requireIndexKeys(index, item);
  }
  return { item, size };
}

function requireValueDepth(value: AttributeValue | undefined, depth: number): void {
  if (value === undefined) return;
  if ("L" in value) {
    requireDepth(depth + 1);
    for (const member of value.L) requireValueDepth(member, depth + 1);
  } else if ("M" in value) {
    requireDepth(depth + 1);
    for (const name in value.M) requireValueDepth(value.M[name], depth + 1);
  }
}
