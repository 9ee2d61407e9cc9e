import { job } from "../../../kernel/jobs.ts";
import { measures, tables } from "../state.ts";
import { countTable } from "../tables/measure-table.ts";

/** Counts a large table, in the background: DescribeTable tells the latest count. */
export const measureTable = job<{ readonly tableName: string }>({
  name: "measure-table",
  run: async ({ tableName }, ctx) => {
    const measured = await ctx.read(async (snapshot) => {
      const table = await snapshot.get(tables, [tableName]);
      const measure = table && (await countTable(snapshot, table, Number.POSITIVE_INFINITY));
      return table && measure && { table: table.number, ...measure };
    });
    await ctx.complete(async (tx) => {
      if (measured) tx.put(measures, { ...measured, measuredAt: ctx.clock.now() });
    });
  },
});
