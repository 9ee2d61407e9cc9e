import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { collect, findMethods, findResources, requireApi } from "../../records.ts";
import { apiOwners, deployments, methods, resources, restApis, snapshots, stages } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteRestApi.html */
export const deleteRestApi: Handler<APIGatewayApi["DeleteRestApi"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const { id } = await requireApi(tx, ctx, input.restApiId);
    tx.delete(restApis, [id]);
    tx.delete(apiOwners, [id]);
    for (const row of await findResources(tx, id)) tx.delete(resources, [id, row.id]);
    for (const row of await findMethods(tx, id)) tx.delete(methods, [id, row.resourceId, row.httpMethod]);
    for (const row of await collect(tx.list(stages, { prefix: [id] }))) tx.delete(stages, [id, row.name]);
    for (const row of await collect(tx.list(deployments, { prefix: [id] }))) {
      tx.delete(deployments, [id, row.id]);
      tx.delete(snapshots, [id, row.id]);
    }
  });
  return {};
};
