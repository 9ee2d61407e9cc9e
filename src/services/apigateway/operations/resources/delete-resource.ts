import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { findMethods, findResources, requireResource } from "../../records.ts";
import { badRequest } from "../../refusals.ts";
import { methods, resources } from "../../state.ts";

/**
 * Deletes what stands below it too.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteResource.html
 */
export const deleteResource: Handler<APIGatewayApi["DeleteResource"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireResource(tx, input.restApiId, input.resourceId);
    if (row.parentId === undefined) throw badRequest("Root resource can not be deleted");
    const all = await findResources(tx, row.apiId);
    const doomed = [row];
    for (const resource of doomed) {
      doomed.push(...all.filter(({ parentId }) => parentId === resource.id));
      tx.delete(resources, [row.apiId, resource.id]);
      for (const { httpMethod } of await findMethods(tx, row.apiId, resource.id)) {
        tx.delete(methods, [row.apiId, resource.id, httpMethod]);
      }
    }
  });
  return {};
};
