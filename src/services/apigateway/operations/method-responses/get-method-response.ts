import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeMethodResponse } from "../../methods/describe-method.ts";
import { requireMethod } from "../../records.ts";
import { missing } from "../../refusals.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetMethodResponse.html */
export const getMethodResponse: Handler<APIGatewayApi["GetMethodResponse"]> = async (input, ctx) => {
  const { responses } = await ctx.read((snapshot) => requireMethod(snapshot, input));
  if (!Object.hasOwn(responses, input.statusCode)) throw missing.response();
  return describeMethodResponse(responses[input.statusCode]!, input.statusCode);
};
