import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireApi, requireStage } from "../../records.ts";
import { stages } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteStage.html */
export const deleteStage: Handler<APIGatewayApi["DeleteStage"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    await requireApi(tx, ctx, input.restApiId);
    const { apiId, name } = await requireStage(tx, input.restApiId, input.stageName);
    tx.delete(stages, [apiId, name]);
  });
  return {};
};
