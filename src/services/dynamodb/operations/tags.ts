import { ResourceNotFoundException } from "../../../api/dynamodb/errors.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { invalidParameter } from "../refusals.ts";
import { tables } from "../state.ts";
import type { TableRow } from "../state.ts";
import { findTableName } from "../tables/table-name.ts";
import { readTags, requireTagCount } from "../tables/tags.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html */
export const tagResource: Handler<DynamoDBApi["TagResource"]> = async (input, ctx) => {
  const added = readTags(input.Tags);
  await ctx.write(async (tx) => {
    const table = await requireTaggedTable(tx, input.ResourceArn, ctx);
    const tags = new Map([...Object.entries(table.tags), ...added]);
    requireTagCount(tags.size);
    tx.put(tables, { ...table, tags: Object.fromEntries(tags) });
  });
  return {};
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html */
export const untagResource: Handler<DynamoDBApi["UntagResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const table = await requireTaggedTable(tx, input.ResourceArn, ctx);
    const left = Object.entries(table.tags).filter(([key]) => !input.TagKeys.includes(key));
    tx.put(tables, { ...table, tags: Object.fromEntries(left) });
  });
  return {};
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
export const listTagsOfResource: Handler<DynamoDBApi["ListTagsOfResource"]> = async (input, ctx) => {
  const { tags } = await ctx.read((snapshot) => requireTaggedTable(snapshot, input.ResourceArn, ctx));
  return { Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })) };
};

async function requireTaggedTable(snapshot: Snapshot, arn: string, at: ServiceContext): Promise<TableRow> {
  if (!arn.startsWith("arn:")) throw invalidParameter(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const name = findTableName(arn, at);
  const table = name === undefined ? undefined : await snapshot.get(tables, [name]);
  if (!table || table.status === "DELETING") {
    throw new ResourceNotFoundException({ message: `Requested resource not found: ResourcArn: ${arn} not found` });
  }
  return table;
}
