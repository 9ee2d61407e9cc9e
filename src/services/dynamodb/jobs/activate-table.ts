import { job } from "../../../kernel/jobs.ts";
import { tables } from "../state.ts";
import type { TableRow } from "../state.ts";

/** Ends the making or changing of a table: CREATING or UPDATING becomes ACTIVE. */
export const activateTable = job<{ readonly tableName: string; readonly table: number }>({
  name: "activate-table",
  run: async ({ tableName, table }, ctx) => {
    await ctx.complete(async (tx) => {
      const row = await tx.get(tables, [tableName]);
      // It may have been deleted, and made again under its name, since.
      if (row?.number !== table || row.status === "DELETING") return;
      const active: TableRow = { ...row, status: "ACTIVE" };
      tx.put(tables, active);
    });
  },
});
