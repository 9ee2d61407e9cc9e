import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireTableForControl } from "../tables/require-table.ts";

/**
 * No table has destinations yet: EnableKinesisStreamingDestination is not built.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
 */
export const describeKinesisStreamingDestination: Handler<DynamoDBApi["DescribeKinesisStreamingDestination"]> = async (
  input,
  ctx,
) => {
  const table = await ctx.read((snapshot) => requireTableForControl(snapshot, input.TableName, ctx));
  return { TableName: table.name, KinesisDataStreamDestinations: [] };
};
