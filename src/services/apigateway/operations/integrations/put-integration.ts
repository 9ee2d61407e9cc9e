import type { APIGatewayApi, PutIntegrationRequest } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { checkIntegration, readPassthroughBehavior, refuseUnbuilt } from "../../integrations/check-integration.ts";
import { describeIntegration } from "../../methods/describe-method.ts";
import { requireMethod } from "../../records.ts";
import { methods, type IntegrationRow } from "../../state.ts";

const defaultTimeoutMs = 29_000;

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html */
export const putIntegration: Handler<APIGatewayApi["PutIntegration"]> = async (input, ctx) => {
  const integration = await ctx.write(async (tx) => {
    const method = await requireMethod(tx, input);
    refuseUnbuilt(input);
    const made = readIntegration(input);
    checkIntegration(made);
    tx.put(methods, { ...method, integration: made });
    return made;
  });
  return describeIntegration(integration);
};

function readIntegration(input: PutIntegrationRequest): IntegrationRow {
  return defined({
    // The types that are not here were refused.
    type: input.type as IntegrationRow["type"],
    httpMethod: input.integrationHttpMethod,
    uri: input.uri,
    credentials: input.credentials,
    connectionType: input.connectionType === "INTERNET" ? ("INTERNET" as const) : undefined,
    requestParameters: input.requestParameters,
    requestTemplates: input.requestTemplates,
    passthroughBehavior: readPassthroughBehavior(input.passthroughBehavior),
    contentHandling: input.contentHandling === "CONVERT_TO_TEXT" ? ("CONVERT_TO_TEXT" as const) : undefined,
    responseTransferMode: input.responseTransferMode === "BUFFERED" ? ("BUFFERED" as const) : undefined,
    tlsConfig:
      input.tlsConfig?.insecureSkipVerification === false ? ({ insecureSkipVerification: false } as const) : undefined,
    timeoutInMillis: input.timeoutInMillis ?? defaultTimeoutMs,
    cacheNamespace: input.cacheNamespace ?? input.resourceId,
    cacheKeyParameters: input.cacheKeyParameters ?? [],
    responses: {},
  });
}
