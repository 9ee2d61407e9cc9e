import { job } from "../../../kernel/jobs.ts";
import type { Key, Transaction } from "../../../kernel/records.ts";
import { itemKey } from "../items/keys.ts";
import { items, tables } from "../state.ts";
import { scheduleExpiry } from "./expire-item.ts";

/** So many items are looked at in one commit. */
const chunkItems = 200;

/** Finds the expiry of every item that a table held when time to live was enabled; later writes find their own. */
export const scheduleExpiries = job<{ readonly tableName: string; readonly table: number }>({
  name: "schedule-expiries",
  run: async ({ tableName, table: number }, ctx) => {
    let after: Key | undefined;
    do {
      ctx.signal.throwIfAborted();
      const from = after;
      after = await ctx.write((tx) => scheduleChunk(tx, tableName, number, from));
    } while (after);
  },
});

/** Answers where the next chunk begins; undefined after the last. */
async function scheduleChunk(
  tx: Transaction,
  tableName: string,
  number: number,
  after: Key | undefined,
): Promise<Key | undefined> {
  const table = await tx.get(tables, [tableName]);
  if (table?.number !== number || !table.timeToLive) return undefined;
  let count = 0;
  for await (const { item } of tx.list(items, { prefix: [number], ...(after && { after }) })) {
    const key = itemKey(table, item);
    scheduleExpiry(tx, table, key, item);
    if (++count === chunkItems) return key;
  }
  return undefined;
}
