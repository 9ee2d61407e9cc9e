import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireTableForControl } from "../tables/require-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export const describeTimeToLive: Handler<DynamoDBApi["DescribeTimeToLive"]> = async (input, ctx) => {
  const { timeToLive } = await ctx.read((snapshot) => requireTableForControl(snapshot, input.TableName, ctx));
  return {
    TimeToLiveDescription: timeToLive
      ? { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive.attribute }
      : { TimeToLiveStatus: "DISABLED" },
  };
};
