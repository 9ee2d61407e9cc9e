import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireIntegration } from "../../records.ts";
import { methods } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteIntegration.html */
export const deleteIntegration: Handler<APIGatewayApi["DeleteIntegration"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const { integration: _, ...method } = await requireIntegration(tx, input);
    tx.put(methods, method);
  });
  return {};
};
