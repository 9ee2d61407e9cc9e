import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { findMethods, requireResource } from "../../records.ts";
import { describeResource } from "../../resources/describe-resource.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResource.html */
export const getResource: Handler<APIGatewayApi["GetResource"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const row = await requireResource(snapshot, input.restApiId, input.resourceId);
    const methods = await findMethods(snapshot, input.restApiId, row.id);
    return describeResource(row, methods, input.embed?.includes("methods"));
  });
