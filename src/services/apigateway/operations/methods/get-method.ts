import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeMethod } from "../../methods/describe-method.ts";
import { requireMethod } from "../../records.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetMethod.html */
export const getMethod: Handler<APIGatewayApi["GetMethod"]> = async (input, ctx) =>
  describeMethod(await ctx.read((snapshot) => requireMethod(snapshot, input)));
