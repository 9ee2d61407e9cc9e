import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { measureTable } from "../jobs/measure-table.ts";
import { describeTableRow } from "../tables/describe-table-row.ts";
import { findMeasure } from "../tables/measure-table.ts";
import { requireTableForControl } from "../tables/require-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export const describeTable: Handler<DynamoDBApi["DescribeTable"]> = async (input, ctx) => {
  const { table, measure, stale } = await ctx.read(async (snapshot) => {
    const row = await requireTableForControl(snapshot, input.TableName, ctx);
    return { table: row, ...(await findMeasure(snapshot, row, ctx.clock.now())) };
  });
  if (stale) {
    const id = String(table.number);
    await ctx.write(async (tx) => tx.schedule(measureTable, { tableName: table.name }, { id }));
  }
  return { Table: describeTableRow(table, ctx, measure) };
};
