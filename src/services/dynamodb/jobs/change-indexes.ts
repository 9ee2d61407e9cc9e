import { job } from "../../../kernel/jobs.ts";
import type { JobContext } from "../../../kernel/jobs.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import { entryOf } from "../items/apply-write.ts";
import { attributeOf, typeOf } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { entryKey, itemKey, keyAttributes } from "../items/keys.ts";
import { indexEntries, items, tables } from "../state.ts";
import type { IndexRow, TableRow } from "../state.ts";

/** So many items go in one commit: few enough not to hold up others or to be held up by them. */
const chunkItems = 200;

/**
 * Fills the indexes that UpdateTable added and empties those that it took away, chunk by chunk. Writes maintain a new
 * index from the moment it was added, so what is filled in twice is the same.
 */
export const changeIndexes = job<{ readonly tableName: string; readonly table: number }>({
  name: "change-indexes",
  run: async ({ tableName, table: number }, ctx) => {
    const table = await ctx.read((snapshot) => snapshot.get(tables, [tableName]));
    if (table?.number !== number) return;
    for (const index of table.indexes) {
      if (index.status === "CREATING") await fillIndex(ctx, table, index);
      if (index.status === "DELETING") await emptyIndex(ctx, table, index);
    }
    await ctx.complete(async (tx) => {
      const row = await tx.get(tables, [tableName]);
      if (row?.number === number) tx.put(tables, withIndexesChanged(row));
    });
  },
});

function withIndexesChanged(table: TableRow): TableRow {
  const indexes = table.indexes
    .filter((index) => index.status !== "DELETING")
    .map(({ status: _done, ...index }): IndexRow => index);
  const used = new Set([table, ...indexes].flatMap((schema) => keyAttributes(schema).map(({ name }) => name)));
  const attributeDefinitions = table.attributeDefinitions.filter(({ AttributeName: name }) => used.has(name));
  return { ...table, status: "ACTIVE", indexes, attributeDefinitions };
}

async function fillIndex(ctx: JobContext, table: TableRow, index: IndexRow): Promise<void> {
  let after: Key | undefined;
  do {
    ctx.signal.throwIfAborted();
    const from = after;
    after = await ctx.write((tx) => fillChunk(tx, table, index, from));
  } while (after);
}

/** Answers where the next chunk begins; undefined after the last. */
async function fillChunk(
  tx: Transaction,
  table: TableRow,
  index: IndexRow,
  after: Key | undefined,
): Promise<Key | undefined> {
  let count = 0;
  for await (const { item } of tx.list(items, { prefix: [table.number], ...(after && { after }) })) {
    // AWS leaves items out whose attributes are of another type than the index wants.
    const entry = hasKeyTypes(index, item) ? entryOf(table, index, item) : undefined;
    if (entry) tx.put(indexEntries, entry);
    if (++count === chunkItems) return itemKey(table, item);
  }
  return undefined;
}

function hasKeyTypes(index: IndexRow, item: Item): boolean {
  return keyAttributes(index).every(({ name, type }) => {
    const value = attributeOf(item, name);
    return value !== undefined && typeOf(value) === type;
  });
}

async function emptyIndex(ctx: JobContext, table: TableRow, index: IndexRow): Promise<void> {
  let deleted: number;
  do {
    ctx.signal.throwIfAborted();
    deleted = await ctx.write(async (tx) => {
      const keys: Key[] = [];
      for await (const { item } of tx.list(indexEntries, { prefix: [table.number, index.number] })) {
        keys.push(entryKey(table, index, item)!);
        if (keys.length === chunkItems) break;
      }
      for (const key of keys) tx.delete(indexEntries, key);
      return keys.length;
    });
  } while (deleted === chunkItems);
}
