import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { deleteTableItems } from "../jobs/delete-table-items.ts";
import { validationException } from "../refusals.ts";
import { tables } from "../state.ts";
import { requireNotBeingBackedUp } from "../backups/require-backup.ts";
import { endStream } from "../streams/change-stream.ts";
import { describeTableRow } from "../tables/describe-table-row.ts";
import { emptyMeasure } from "../tables/measure-table.ts";
import { requireAtRest, requireTableForControl } from "../tables/require-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
export const deleteTable: Handler<DynamoDBApi["DeleteTable"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const table = await requireTableForControl(tx, input.TableName, ctx);
    requireAtRest(table);
    if (table.deletionProtection) {
      throw validationException(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    await requireNotBeingBackedUp(tx, table);
    if (table.stream?.enabled) await endStream(tx, table.name, table.stream.label);
    const deleting = { ...table, status: "DELETING" as const };
    tx.put(tables, deleting);
    tx.schedule(deleteTableItems, { tableName: table.name, table: table.number });
    const description = describeTableRow(deleting, ctx, emptyMeasure);
    // AWS leaves out what goes away with the table.
    delete description.AttributeDefinitions;
    delete description.KeySchema;
    delete description.CreationDateTime;
    delete description.WarmThroughput;
    return { TableDescription: description };
  });
