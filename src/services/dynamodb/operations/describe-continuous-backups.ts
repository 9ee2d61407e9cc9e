import { TableNotFoundException } from "../../../api/dynamodb/errors.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { tables } from "../state.ts";
import { findTableName } from "../tables/table-name.ts";

/**
 * Point-in-time recovery cannot be enabled yet (UpdateContinuousBackups is not built), so it is disabled everywhere.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
 */
export const describeContinuousBackups: Handler<DynamoDBApi["DescribeContinuousBackups"]> = async (input, ctx) => {
  const name = findTableName(input.TableName, ctx);
  const table = await ctx.read(async (snapshot) => (name === undefined ? undefined : snapshot.get(tables, [name])));
  if (!table) throw new TableNotFoundException({ message: `Table not found: ${name ?? input.TableName}` });
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    },
  };
};
