import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeIntegrationResponse } from "../../methods/describe-method.ts";
import { requireIntegration } from "../../records.ts";
import { missing } from "../../refusals.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetIntegrationResponse.html */
export const getIntegrationResponse: Handler<APIGatewayApi["GetIntegrationResponse"]> = async (input, ctx) => {
  const { integration } = await ctx.read((snapshot) => requireIntegration(snapshot, input));
  if (!Object.hasOwn(integration.responses, input.statusCode)) throw missing.response();
  return describeIntegrationResponse(integration.responses[input.statusCode]!, input.statusCode);
};
