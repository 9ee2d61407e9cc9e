import type {
  ConsumedCapacity,
  DynamoDBApi,
  ItemCollectionMetrics,
  WriteRequest,
} from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { needsBefore } from "../items/apply-write.ts";
import type { Item } from "../items/attribute-value.ts";
import { byName } from "../items/by-name.ts";
import { checkItem } from "../items/check-value.ts";
import { describeCollection, describeUnits, Units } from "../items/consumed-capacity.ts";
import { itemRow } from "../items/item-row.ts";
import { itemBytes, requireItemFits } from "../items/item-size.ts";
import { itemKey, requireBatchedItemKeys, requireKey } from "../items/keys.ts";
import { writeItem } from "../items/write-item.ts";
import { printKey } from "../items/print-key.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import { requireDistinct } from "./batch-get-item.ts";

const maxRequests = 25;

type BatchWrite =
  | { readonly kind: "put"; readonly item: Item; readonly size: number }
  | { readonly kind: "delete"; readonly item: Item };

/**
 * The whole batch is one commit, which AWS does not promise and does not forbid; so nothing is ever left unprocessed.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export const batchWriteItem: Handler<DynamoDBApi["BatchWriteItem"]> = async (input, ctx) => {
  const requests = Object.entries(input.RequestItems).map(([nameOrArn, writes]) => ({
    nameOrArn,
    writes: writes.map(readWrite),
  }));
  if (requests.reduce((sum, request) => sum + request.writes.length, 0) > maxRequests) {
    throw validationException("Too many items requested for the BatchWriteItem call");
  }
  const wantsUnits = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== "NONE";

  return ctx.write(async (tx) => {
    const consumed: ConsumedCapacity[] = [];
    const collections = byName<ItemCollectionMetrics[]>();
    for (const { nameOrArn, writes } of requests) {
      const table = await requireTable(tx, nameOrArn, ctx);
      for (const write of writes) {
        if (write.kind === "put") requireBatchedItemKeys(table, write.item);
        else requireKey(table, write.item);
      }
      const keys = writes.map((write) => itemKey(table, write.item));
      requireDistinct(keys.map(printKey));
      const units = new Units();
      const metrics: ItemCollectionMetrics[] = [];
      for (const [at, write] of writes.entries()) {
        const key = keys[at]!;
        const before = wantsUnits || needsBefore(table) ? await tx.get(items, key) : undefined;
        const after = write.kind === "put" ? itemRow(key, write.item, write.size) : undefined;
        writeItem(tx, table, key, before, after, units);
        const collection = describeCollection(input.ReturnItemCollectionMetrics, table, write.item);
        if (collection) metrics.push(collection);
      }
      if (metrics.length > 0) collections[nameOrArn] = metrics;
      const capacity = describeUnits(input.ReturnConsumedCapacity, table, units);
      if (capacity) consumed.push(capacity);
    }
    return {
      UnprocessedItems: {},
      ...(Object.keys(collections).length > 0 && { ItemCollectionMetrics: collections }),
      ...(consumed.length > 0 && { ConsumedCapacity: consumed }),
    };
  });
};

function readWrite({ PutRequest: put, DeleteRequest: remove }: WriteRequest): BatchWrite {
  if (put && remove) {
    throw validationException(
      "Supplied WriteRequest has more than one operation set, must contain exactly one of the supported operations",
    );
  }
  if (put) {
    const item = checkItem(put.Item);
    const size = itemBytes(item);
    requireItemFits(size);
    return { kind: "put", item, size };
  }
  if (remove) return { kind: "delete", item: checkItem(remove.Key) };
  throw validationException("Supplied WriteRequest is empty, must contain exactly one of the supported operations");
}
