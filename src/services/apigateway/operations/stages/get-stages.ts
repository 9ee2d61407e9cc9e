import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { collect, requireApi } from "../../records.ts";
import { describeStage } from "../../stages/stage-settings.ts";
import { stages } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html */
export const getStages: Handler<APIGatewayApi["GetStages"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireApi(snapshot, ctx, input.restApiId);
    const all = await collect(snapshot.list(stages, { prefix: [input.restApiId] }));
    const wanted = all.filter(
      ({ deploymentId }) => input.deploymentId === undefined || deploymentId === input.deploymentId,
    );
    return { item: wanted.map(describeStage) };
  });
