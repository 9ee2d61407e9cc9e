import { validationException } from "../refusals.ts";
import type { AttributeValue, Item } from "./attribute-value.ts";
import { numberBytes } from "./number.ts";

/**
 * The size of an item as AWS bills and limits it: names and values in bytes, three bytes for a list or map and one for
 * each of its members.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueBytes(item[name]!);
  return size;
}

export function valueBytes(value: AttributeValue): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return numberBytes(value.N);
  if ("B" in value) return value.B.byteLength;
  if ("BOOL" in value || "NULL" in value) return 1;
  let size = 0;
  if ("SS" in value) {
    for (const member of value.SS) size += Buffer.byteLength(member);
  } else if ("NS" in value) {
    for (const member of value.NS) size += numberBytes(member);
  } else if ("BS" in value) {
    for (const member of value.BS) size += member.byteLength;
  } else if ("L" in value) {
    size = 3;
    for (const member of value.L) size += 1 + valueBytes(member);
  } else {
    size = 3;
    for (const name in value.M) size += 1 + Buffer.byteLength(name) + valueBytes(value.M[name]!);
  }
  return size;
}

/** 400 KB, names included. */
const maxItemBytes = 409_600;

/** @throws ValidationException when an item to be put is too large */
export function requireItemFits(size: number): void {
  if (size > maxItemBytes) throw validationException("Item size has exceeded the maximum allowed size");
}

/** @throws ValidationException when an item would be too large after an update */
export function requireUpdatedItemFits(size: number): void {
  if (size > maxItemBytes) throw validationException("Item size to update has exceeded the maximum allowed size");
}
