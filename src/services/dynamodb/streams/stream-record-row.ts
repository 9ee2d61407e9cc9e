import type { EpochMs } from "../../../base/clock.ts";
import type { Key, RowCodec } from "../../../kernel/records.ts";
import type { Item } from "../items/attribute-value.ts";
import { fromWire, hasBinary, toWire } from "../items/item-row.ts";
import type { WireItem } from "../items/item-row.ts";

/** A change of an item as it is kept: with what the stream's view shows of it. */
export interface StreamRecordRow {
  /** Where it is to be written; not stored, so empty on rows that were read. */
  readonly key: Key;
  readonly sequence: number;
  readonly at: EpochMs;
  readonly event: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: Item;
  readonly before?: Item;
  readonly after?: Item;
  /** AWS's SizeBytes. */
  readonly size: number;
  /** Whether time to live deleted the item. */
  readonly expired?: true;
}

type StoredRecord = Omit<StreamRecordRow, "key" | "keys" | "before" | "after"> & {
  readonly keys: WireItem;
  readonly before?: WireItem;
  readonly after?: WireItem;
  /** Whether values have to be made binary again. */
  readonly binary?: true;
};

export const streamRecordCodec: RowCodec<StreamRecordRow> = {
  encode: ({ key: _key, keys, before, after, ...rest }) => {
    const binary = [keys, before, after].some((image) => image && hasBinary(image));
    const wire = (image: Item) => (binary ? toWire(image) : image);
    const stored: StoredRecord = {
      ...rest,
      keys: wire(keys),
      ...(before && { before: wire(before) }),
      ...(after && { after: wire(after) }),
      ...(binary && { binary }),
    };
    return Buffer.from(JSON.stringify(stored));
  },
  decode: (bytes) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const { binary, keys, before, after, ...rest } = JSON.parse(text) as StoredRecord;
    const image = (wire: WireItem) => (binary ? fromWire(wire) : (wire as Item));
    return {
      ...rest,
      key: [],
      keys: image(keys),
      ...(before && { before: image(before) }),
      ...(after && { after: image(after) }),
    };
  },
};
