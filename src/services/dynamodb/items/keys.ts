import { hash } from "node:crypto";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import type { Key, KeyPart } from "../../../kernel/records.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { IndexRow, KeySchemaRow, TableRow } from "../state.ts";
import { attributeOf, emptyItem, typeOf } from "./attribute-value.ts";
import type { AttributeValue, Item } from "./attribute-value.ts";
import { sortableNumber } from "./number.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

const maxPartitionKeyBytes = 2048;
const maxSortKeyBytes = 1024;

/** A value as part of a stored key: in DynamoDB's order, bounded in length. */
export function keyPart(value: AttributeValue): string | Uint8Array {
  if ("S" in value) return value.S;
  if ("N" in value) return sortableNumber(value.N);
  if ("B" in value) return value.B;
  throw new TypeError("A key attribute has been checked to be a scalar.");
}

/**
 * Where a partition stands in the order of a scan, 0 … 2^32 − 1: even, and unlike the order of the keys, as on AWS.
 * Part of stored keys: it must never change. (FNV-1a over UTF-16 units or bytes, mixed as in MurmurHash3's end.)
 */
export function partitionHash(part: string | Uint8Array): number {
  let value = 0x811c9dc5;
  if (typeof part === "string") {
    for (let at = 0; at < part.length; at++) value = Math.imul(value ^ part.charCodeAt(at), 0x01000193);
  } else {
    for (const byte of part) value = Math.imul(value ^ byte, 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The stored key of the item that has these attributes, which have been checked. */
export function itemKey(table: Pick<TableRow, "number" | "partition" | "sort">, item: Item): Key {
  const partition = keyPart(item[table.partition.name]!);
  const key: KeyPart[] = [table.number, partitionHash(partition), partition];
  if (table.sort) key.push(keyPart(item[table.sort.name]!));
  return key;
}

/**
 * The stored key of an item's entry in an index, or undefined when it has none: it lacks a key attribute, or has had it with
 * another type since before the index was added.
 */
export function entryKey(table: TableRow, index: IndexRow, item: Item): Key | undefined {
  const partitionValue = attributeOf(item, index.partition.name);
  const sortValue = index.sort && attributeOf(item, index.sort.name);
  if (partitionValue === undefined || typeOf(partitionValue) !== index.partition.type) return undefined;
  if (index.sort && (sortValue === undefined || typeOf(sortValue) !== index.sort.type)) return undefined;
  const partition = keyPart(partitionValue);
  const key: KeyPart[] = [table.number, index.number, partitionHash(partition), partition];
  if (sortValue) key.push(keyPart(sortValue));
  key.push(primaryKeyDigest(table, item));
  return key;
}

/** 16 bytes that stand for an item's own key where that key would make an index key too long for the store. */
function primaryKeyDigest(table: TableRow, item: Item): Uint8Array {
  const bytes = (value: AttributeValue) => {
    const part = keyPart(value);
    return typeof part === "string" ? utf8(part) : part;
  };
  const partition = bytes(item[table.partition.name]!);
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(partition.byteLength);
  const parts = [length, partition];
  if (table.sort) parts.push(bytes(item[table.sort.name]!));
  return hash("sha256", concatBytes(parts), "buffer").subarray(0, 16);
}

/** Follows every digest and every part that can follow a sort key. */
export const pastEntries: Uint8Array = new Uint8Array(17).fill(0xff);

export function keyAttributes(schema: KeySchemaRow): readonly KeyAttribute[] {
  return schema.sort ? [schema.partition, schema.sort] : [schema.partition];
}

/**
 * Checks the `Key` of a request: the key attributes and nothing else, of the right types.
 * @throws ValidationException as AWS words it
 */
export function requireKey(table: TableRow, key: Item): void {
  const attributes = keyAttributes(table);
  if (Object.keys(key).length !== attributes.length) throw schemaMismatch();
  for (const { name, type } of attributes) {
    const value = attributeOf(key, name);
    if (value === undefined || typeOf(value) !== type) throw schemaMismatch();
  }
  for (const { name } of attributes) requireNotEmpty(name, key[name]!);
  requireKeySizes(table, key);
}

function schemaMismatch(): Error {
  return validationException("The provided key element does not match the schema");
}

/**
 * Checks the keys of an item that is to be put, those of the table and those of its indexes.
 * @throws ValidationException as AWS words it
 */
export function requireItemKeys(table: TableRow, item: Item): void {
  for (const { name, type } of keyAttributes(table)) {
    const value = attributeOf(item, name);
    if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type) {
      throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
    requireNotEmpty(name, value);
  }
  requireKeySizes(table, item);
  requireIndexesKeys(table, item);
}

/**
 * Checks the keys of an item to be put as BatchWriteItem does, which words wrong table keys as those of a lookup.
 * @throws ValidationException as AWS words it
 */
export function requireBatchedItemKeys(table: TableRow, item: Item): void {
  for (const { name, type } of keyAttributes(table)) {
    const value = attributeOf(item, name);
    if (value === undefined || typeOf(value) !== type) throw schemaMismatch();
  }
  requireItemKeys(table, item);
}

/** @throws ValidationException when an attribute by which an index is ordered cannot be a key; of several, AWS names the first by name */
function requireIndexesKeys(table: TableRow, item: Item): void {
  let first: { readonly name: string; readonly fault: Error } | undefined;
  for (const index of table.indexes) {
    const fault = indexKeyFault(index, item);
    if (fault && (first === undefined || index.name < first.name)) first = { name: index.name, fault };
  }
  if (first) throw first.fault;
}

/** @throws ValidationException when an attribute by which an index is ordered cannot be a key */
export function requireIndexKeys(index: IndexRow, item: Item): void {
  const fault = indexKeyFault(index, item);
  if (fault) throw fault;
}

function indexKeyFault(index: IndexRow, item: Item): Error | undefined {
  for (const { name, type } of keyAttributes(index)) {
    const value = attributeOf(item, name);
    if (value === undefined) continue;
    if (typeOf(value) !== type) {
      return invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    const kind = emptyKind(value);
    if (kind) {
      return validationException(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index.name}, IndexKey: ${name}`,
      );
    }
  }
  return keySizeFault(index, item);
}

function emptyKind(value: AttributeValue): "string" | "binary" | undefined {
  if ("S" in value && value.S === "") return "string";
  return "B" in value && value.B.byteLength === 0 ? "binary" : undefined;
}

function requireNotEmpty(name: string, value: AttributeValue): void {
  const kind = emptyKind(value);
  if (kind === undefined) return;
  throw validationException(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
  );
}

function requireKeySizes(schema: KeySchemaRow, item: Item): void {
  const fault = keySizeFault(schema, item);
  if (fault) throw fault;
}

function keySizeFault(schema: KeySchemaRow, item: Item): Error | undefined {
  const partition = attributeOf(item, schema.partition.name);
  if (partition !== undefined && keyBytes(partition) > maxPartitionKeyBytes) {
    // The missing blank is AWS's.
    return invalidParameter(`Size of hashkey has exceeded the maximum size limit of${maxPartitionKeyBytes} bytes`);
  }
  const sort = schema.sort && attributeOf(item, schema.sort.name);
  if (sort !== undefined && keyBytes(sort) > maxSortKeyBytes) {
    return invalidParameter(
      `Aggregated size of all range keys has exceeded the size limit of ${maxSortKeyBytes} bytes`,
    );
  }
  return undefined;
}

function keyBytes(value: AttributeValue): number {
  if ("S" in value) return value.S.length * 3 <= maxSortKeyBytes ? 0 : Buffer.byteLength(value.S);
  return "B" in value ? value.B.byteLength : 0;
}

/** The key attributes of an item, for `LastEvaluatedKey` and the like. */
export function keyOfItem(schema: KeySchemaRow, item: Item, index?: KeySchemaRow): Item {
  const key = emptyItem();
  for (const { name } of keyAttributes(schema)) key[name] = item[name]!;
  if (index) for (const { name } of keyAttributes(index)) key[name] = item[name]!;
  return key;
}
