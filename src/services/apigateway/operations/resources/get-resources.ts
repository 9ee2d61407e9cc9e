import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { pageOf } from "../../pages.ts";
import { findMethods, findResources, requireApi } from "../../records.ts";
import { describeResource } from "../../resources/describe-resource.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html */
export const getResources: Handler<APIGatewayApi["GetResources"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireApi(snapshot, ctx, input.restApiId);
    const all = await findResources(snapshot, input.restApiId);
    const methods = Map.groupBy(await findMethods(snapshot, input.restApiId), ({ resourceId }) => resourceId);
    const { items, ...page } = pageOf(all, ({ path }) => path, input);
    const embed = input.embed?.includes("methods");
    return { items: items.map((row) => describeResource(row, methods.get(row.id) ?? [], embed)), ...page };
  });
