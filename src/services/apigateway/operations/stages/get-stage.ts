import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireApi, requireStage } from "../../records.ts";
import { describeStage } from "../../stages/stage-settings.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetStage.html */
export const getStage: Handler<APIGatewayApi["GetStage"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireApi(snapshot, ctx, input.restApiId);
    return describeStage(await requireStage(snapshot, input.restApiId, input.stageName));
  });
