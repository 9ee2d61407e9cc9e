import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";

/** How long clients may keep the answer. */
const cacheMinutes = 1440;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html */
export const describeEndpoints: Handler<DynamoDBApi["DescribeEndpoints"]> = async (_input, ctx) => ({
  Endpoints: [{ Address: new URL(ctx.endpoint).host, CachePeriodInMinutes: cacheMinutes }],
});
