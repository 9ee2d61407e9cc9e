import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeIntegration } from "../../methods/describe-method.ts";
import { requireIntegration } from "../../records.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetIntegration.html */
export const getIntegration: Handler<APIGatewayApi["GetIntegration"]> = async (input, ctx) =>
  describeIntegration((await ctx.read((snapshot) => requireIntegration(snapshot, input))).integration);
