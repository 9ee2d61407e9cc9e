import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { notImplemented } from "../../refusals.ts";
import {
  checkDescription,
  checkName,
  checkTags,
  readEndpointConfiguration,
  refuseCompression,
} from "../../rest-apis/check-settings.ts";
import { describeRestApi } from "../../rest-apis/describe-rest-api.ts";
import { apiOwners, resources, restApis, type RestApiRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html */
export const createRestApi: Handler<APIGatewayApi["CreateRestApi"]> = async (input, ctx) => {
  checkName(input.name);
  checkDescription(input.description);
  if (input.cloneFrom !== undefined) throw notImplemented("cloneFrom of CreateRestApi");
  if (input.policy !== undefined && input.policy !== "") throw notImplemented("the resource policy of a REST API");
  if (input.endpointAccessMode === "STRICT") throw notImplemented("the endpoint access mode STRICT");
  if (input.minimumCompressionSize !== undefined) refuseCompression(input.minimumCompressionSize);
  checkTags(input.tags ?? {});
  const row: RestApiRow = defined({
    id: ctx.ids.alphanumeric(10),
    name: input.name,
    createdAt: ctx.clock.now(),
    rootResourceId: ctx.ids.alphanumeric(10),
    description: input.description,
    version: input.version,
    binaryMediaTypes: (input.binaryMediaTypes?.length ?? 0) > 0 ? input.binaryMediaTypes : undefined,
    apiKeySource: input.apiKeySource ?? "HEADER",
    endpointConfiguration: readEndpointConfiguration(input.endpointConfiguration),
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    securityPolicy: input.securityPolicy,
    endpointAccessMode: input.endpointAccessMode === "BASIC" ? ("BASIC" as const) : undefined,
    tags: { ...input.tags },
  });
  await ctx.write(async (tx) => {
    tx.put(restApis, row);
    tx.put(apiOwners, { apiId: row.id, account: ctx.account, region: ctx.region });
    tx.put(resources, { apiId: row.id, id: row.rootResourceId, path: "/" });
  });
  return describeRestApi(row);
};
