import { compareBytes, toBase64 } from "../../../base/bytes.ts";
import { compareNumbers } from "./number.ts";
import type { CanonicalNumber } from "./number.ts";

/**
 * A value that has been checked: exactly one type, numbers canonical, sets without duplicates.
 * The shape is that of the wire and of the SDK, so that items travel without being rebuilt.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: CanonicalNumber }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly CanonicalNumber[] }
  | { readonly BS: readonly Uint8Array[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export type AttributeType = "S" | "N" | "B" | "BOOL" | "NULL" | "SS" | "NS" | "BS" | "L" | "M";

/**
 * Attributes by name. Names come from outside (`__proto__`, `constructor`): read them with `attributeOf`, and write them
 * only to objects made by `emptyItem` or `copyItem`.
 */
export type Item = Readonly<Record<string, AttributeValue>>;
export type MutableItem = Record<string, AttributeValue>;

export function emptyItem(): MutableItem {
  return Object.create(null) as MutableItem;
}

export function copyItem(item: Item): MutableItem {
  return Object.assign(emptyItem(), item);
}

export function attributeOf(item: Item | undefined, name: string): AttributeValue | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new TypeError("A checked attribute value has a type.");
}

/** Deep equality; the order of sets does not matter. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  if ("S" in a) return "S" in b && a.S === b.S;
  if ("N" in a) return "N" in b && a.N === b.N;
  if ("BOOL" in a) return "BOOL" in b && a.BOOL === b.BOOL;
  if ("NULL" in a) return "NULL" in b;
  if ("B" in a) return "B" in b && compareBytes(a.B, b.B) === 0;
  if ("SS" in a) return "SS" in b && equalSets(a.SS, b.SS);
  if ("NS" in a) return "NS" in b && equalSets(a.NS, b.NS);
  if ("BS" in a) return "BS" in b && equalSets(a.BS.map(toBase64), b.BS.map(toBase64));
  if ("L" in a)
    return "L" in b && a.L.length === b.L.length && a.L.every((member, at) => equalValues(member, b.L[at]!));
  return "M" in b && equalItems(a.M, b.M);
}

export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const other = attributeOf(b, name);
    return other !== undefined && equalValues(a[name]!, other);
  });
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

/** Order of two values of one scalar type, or undefined where DynamoDB has none. Strings order by their UTF-8 bytes. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ("N" in a) return "N" in b ? compareNumbers(a.N, b.N) : undefined;
  if ("S" in a) return "S" in b ? compareStrings(a.S, b.S) : undefined;
  if ("B" in a) return "B" in b ? compareBytes(a.B, b.B) : undefined;
  return undefined;
}

/** UTF-8 order differs from JavaScript's only where one side has a surrogate and the other a character above it. */
function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) return rank(x) - rank(y);
    return x - y;
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they come after U+E000…U+FFFF. */
function rank(unit: number): number {
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}

/** As AWS prints values in messages: `{S:abc}`. */
export function printValue(value: AttributeValue): string {
  const type = typeOf(value);
  const content = (value as Record<string, unknown>)[type];
  return `{${type}:${printContent(content)}}`;
}

function printContent(content: unknown): string {
  if (content instanceof Uint8Array) return toBase64(content);
  if (Array.isArray(content)) {
    return `[${content.map((member) => (isValue(member) ? printValue(member) : printContent(member))).join(", ")}]`;
  }
  if (typeof content === "object" && content !== null) {
    return `{${Object.entries(content)
      .map(([name, member]) => `${name}=${printValue(member as AttributeValue)}`)
      .join(", ")}}`;
  }
  return String(content);
}

function isValue(member: unknown): member is AttributeValue {
  return typeof member === "object" && member !== null && !(member instanceof Uint8Array);
}
