import { AwsError } from "../../../api/aws-error.ts";
import type { Key } from "../../../kernel/records.ts";
import { validationException } from "../refusals.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { attributeOf, typeOf } from "./attribute-value.ts";
import type { Item } from "./attribute-value.ts";
import { checkItem } from "./check-value.ts";
import type { UncheckedItem } from "./check-value.ts";
import { entryKey, itemKey, keyAttributes, requireIndexKeys, requireKey } from "./keys.ts";

/** @throws ValidationException when a value in ExclusiveStartKey is malformed */
export function checkStartKey(key: UncheckedItem | undefined): Item | undefined {
  if (key === undefined) return undefined;
  try {
    return checkItem(key);
  } catch (error) {
    throw error instanceof AwsError ? invalidStartKey(error.message) : error;
  }
}

/**
 * The stored key that an ExclusiveStartKey stands for. It need not be that of an item that exists.
 * @throws ValidationException when it is no key of the table or index
 */
export function startKeyPlace(table: TableRow, index: IndexRow | undefined, start: Item): Key {
  const names = new Map(
    [...keyAttributes(table), ...(index ? keyAttributes(index) : [])].map(({ name, type }) => [name, type]),
  );
  if (Object.keys(start).length !== names.size) throw validationException("The provided starting key is invalid");
  for (const [name, type] of names) {
    const value = attributeOf(start, name);
    if (value === undefined) throw validationException("The provided starting key is invalid");
    if (typeOf(value) !== type) throw invalidStartKey("The provided key element does not match the schema");
  }
  try {
    requireKey(table, keyOf(table, start));
    if (index) requireIndexKeys(index, start);
  } catch (error) {
    throw error instanceof AwsError ? invalidStartKey(error.message) : error;
  }
  return index ? entryKey(table, index, start)! : itemKey(table, start);
}

function keyOf(table: TableRow, start: Item): Item {
  return Object.fromEntries(keyAttributes(table).map(({ name }) => [name, start[name]!]));
}

function invalidStartKey(detail: string): AwsError {
  return validationException(`The provided starting key is invalid: ${detail}`);
}
