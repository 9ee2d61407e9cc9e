import { LimitExceededException } from "../../../../api/apigateway/errors.ts";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { findResources, requireApi } from "../../records.ts";
import { missing } from "../../refusals.ts";
import { describeResource } from "../../resources/describe-resource.ts";
import { checkPathPart, joinPath } from "../../resources/path-part.ts";
import { resources, type ResourceRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const maxResources = 300;

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html */
export const createResource: Handler<APIGatewayApi["CreateResource"]> = async (input, ctx) => {
  const id = ctx.ids.alphanumeric(6);
  const row = await ctx.write(async (tx): Promise<ResourceRow> => {
    await requireApi(tx, ctx, input.restApiId);
    const all = await findResources(tx, input.restApiId);
    const parent = all.find((candidate) => candidate.id === input.parentId);
    if (!parent) throw missing.resource();
    checkPathPart(
      input.pathPart,
      parent,
      all.filter(({ parentId }) => parentId === parent.id),
    );
    if (all.length >= maxResources) {
      throw new LimitExceededException({ message: `Maximum number of resources for this API has been reached` });
    }
    const made = {
      apiId: input.restApiId,
      id,
      parentId: parent.id,
      pathPart: input.pathPart,
      path: joinPath(parent, input.pathPart),
    };
    tx.put(resources, made);
    return made;
  });
  return describeResource(row, []);
};
