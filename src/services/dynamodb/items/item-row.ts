import { toBase64 } from "../../../base/bytes.ts";
import type { Key, RowCodec } from "../../../kernel/records.ts";
import { emptyItem } from "./attribute-value.ts";
import type { AttributeValue, Item } from "./attribute-value.ts";
import { itemBytes } from "./item-size.ts";

/** An item as it is kept. One that was read is decoded when it is first looked at: pages are often counted, not shown. */
export class ItemRow {
  /** Where it is to be written; not stored, so empty on rows that were read. */
  readonly key: Key;
  /** Billed bytes. */
  readonly size: number;
  #item: Item | undefined;
  readonly #bytes: Buffer | undefined;

  constructor(key: Key, size: number, item: Item | undefined, bytes?: Buffer) {
    this.key = key;
    this.size = size;
    this.#item = item;
    this.#bytes = bytes;
  }

  get item(): Item {
    return (this.#item ??= decodeItem(this.#bytes!));
  }

  /** The item in JSON as on the wire, without taking it apart. Only of rows that were read. */
  get wireText(): string {
    return this.#bytes!.toString("utf8", headerBytes);
  }
}

export function itemRow(key: Key, item: Item, size: number = itemBytes(item)): ItemRow {
  return new ItemRow(key, size, item);
}

// Stored form: one byte of flags, the size in four bytes with the big end first, then JSON as on the wire.
const headerBytes = 5;
const holdsBinary = 1;

export const itemCodec: RowCodec<ItemRow> = {
  encode: ({ item, size }) => {
    const binary = hasBinary(item);
    const json = JSON.stringify(binary ? toWire(item) : item);
    const bytes = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(json));
    bytes[0] = binary ? holdsBinary : 0;
    bytes.writeUInt32BE(size, 1);
    bytes.write(json, headerBytes);
    return bytes;
  },
  decode: (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new ItemRow([], buffer.readUInt32BE(1), undefined, buffer);
  },
};

function decodeItem(bytes: Buffer): Item {
  const item = JSON.parse(bytes.toString("utf8", headerBytes)) as WireItem;
  return bytes[0] === holdsBinary ? fromWire(item) : (item as Item);
}

type WireValue = Readonly<Record<string, unknown>>;
export type WireItem = Readonly<Record<string, WireValue>>;

export function hasBinary(item: Item): boolean {
  for (const name in item) if (isBinary(item[name]!)) return true;
  return false;
}

function isBinary(value: AttributeValue): boolean {
  if ("S" in value || "N" in value) return false;
  if ("B" in value || "BS" in value) return true;
  if ("L" in value) return value.L.some(isBinary);
  return "M" in value && hasBinary(value.M);
}

function mapMembers<From, To>(
  members: Readonly<Record<string, From>>,
  change: (member: From) => To,
): Record<string, To> {
  const changed = emptyItem() as unknown as Record<string, To>;
  for (const name in members) changed[name] = change(members[name]!);
  return changed;
}

/** The item as JSON can hold it. */
export function toWire(item: Item): WireItem {
  return mapMembers(item, toWireValue);
}

function toWireValue(value: AttributeValue): WireValue {
  if ("B" in value) return { B: toBase64(value.B) };
  if ("BS" in value) return { BS: value.BS.map(toBase64) };
  if ("L" in value) return { L: value.L.map(toWireValue) };
  if ("M" in value) return { M: toWire(value.M) };
  return value;
}

export function fromWire(item: WireItem): Item {
  return mapMembers(item, fromWireValue);
}

function fromWireValue(value: WireValue): AttributeValue {
  if ("B" in value) return { B: Buffer.from(value["B"] as string, "base64") };
  if ("BS" in value) return { BS: (value["BS"] as string[]).map((member) => Buffer.from(member, "base64")) };
  if ("L" in value) return { L: (value["L"] as WireValue[]).map(fromWireValue) };
  if ("M" in value) return { M: fromWire(value["M"] as WireItem) };
  return value as AttributeValue;
}
