import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { collect, requireApi, requireDeployment } from "../../records.ts";
import { badRequest } from "../../refusals.ts";
import { deployments, snapshots, stages } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDeployment.html */
export const deleteDeployment: Handler<APIGatewayApi["DeleteDeployment"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    await requireApi(tx, ctx, input.restApiId);
    const { apiId, id } = await requireDeployment(tx, input.restApiId, input.deploymentId);
    const all = await collect(tx.list(stages, { prefix: [apiId] }));
    if (all.some(({ deploymentId }) => deploymentId === id)) {
      throw badRequest("Active stages pointing to this deployment must be moved or deleted");
    }
    tx.delete(deployments, [apiId, id]);
    tx.delete(snapshots, [apiId, id]);
  });
  return {};
};
