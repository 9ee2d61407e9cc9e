import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireApi } from "../../records.ts";
import { describeRestApi } from "../../rest-apis/describe-rest-api.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html */
export const getRestApi: Handler<APIGatewayApi["GetRestApi"]> = async (input, ctx) =>
  describeRestApi(await ctx.read((snapshot) => requireApi(snapshot, ctx, input.restApiId)));
