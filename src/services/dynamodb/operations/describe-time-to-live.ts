import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireTableForControl } from "../tables/require-table.ts";

/**
 * Time to live cannot be enabled yet (UpdateTimeToLive is not built), so it is disabled everywhere.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
 */
export const describeTimeToLive: Handler<DynamoDBApi["DescribeTimeToLive"]> = async (input, ctx) => {
  await ctx.read((snapshot) => requireTableForControl(snapshot, input.TableName!, ctx));
  return { TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } };
};
