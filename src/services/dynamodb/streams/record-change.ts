import type { StreamViewType } from "../../../api/dynamodb/types.ts";
import type { Transaction } from "../../../kernel/records.ts";
import { equalItems } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { itemBytes } from "../items/item-size.ts";
import { keyOfItem } from "../items/keys.ts";
import { streamEnds, streamRecords } from "../state.ts";
import type { TableRow, TableStream } from "../state.ts";
import type { StreamRecordRow } from "./stream-record-row.ts";

const showsBefore: ReadonlySet<StreamViewType> = new Set(["OLD_IMAGE", "NEW_AND_OLD_IMAGES"]);
const showsAfter: ReadonlySet<StreamViewType> = new Set(["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]);

/** Writes what happened to an item to the table's stream, at the end of the transaction; nothing where nothing changed. */
export function recordChange(
  tx: Transaction,
  table: TableRow,
  stream: TableStream,
  before: Item | undefined,
  after: Item | undefined,
  by: "client" | "time-to-live",
): void {
  const item = after ?? before;
  if (item === undefined || (before && after && equalItems(before, after))) return;
  const keys = keyOfItem(table, item);
  const old = showsBefore.has(stream.viewType) ? before : undefined;
  const fresh = showsAfter.has(stream.viewType) ? after : undefined;
  const record: Omit<StreamRecordRow, "key" | "sequence" | "at"> = {
    event: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    keys,
    ...(old && { before: old }),
    ...(fresh && { after: fresh }),
    size: itemBytes(keys) + (old ? itemBytes(old) : 0) + (fresh ? itemBytes(fresh) : 0),
    ...(by === "time-to-live" && { expired: true }),
  };
  tx.atEnd(async () => {
    const end = await tx.get(streamEnds, [table.name, stream.label]);
    if (!end) throw new Error(`The stream ${stream.label} of table ${table.name} has no end to write to.`);
    const sequence = end.last + 1;
    tx.put(streamEnds, { ...end, last: sequence });
    const key = [table.name, stream.label, end.shard, sequence];
    tx.put(streamRecords, { ...record, key, sequence, at: tx.now });
  });
}
