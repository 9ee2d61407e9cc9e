import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireMethod } from "../../records.ts";
import { methods } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteMethod.html */
export const deleteMethod: Handler<APIGatewayApi["DeleteMethod"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireMethod(tx, input);
    tx.delete(methods, [row.apiId, row.resourceId, row.httpMethod]);
  });
  return {};
};
