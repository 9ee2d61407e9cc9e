import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { checkIntegrationResponse } from "../../integrations/check-integration.ts";
import { describeIntegrationResponse } from "../../methods/describe-method.ts";
import { requireIntegration, withEntry } from "../../records.ts";
import { missing, notImplemented } from "../../refusals.ts";
import { methods, type IntegrationResponseRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html */
export const putIntegrationResponse: Handler<APIGatewayApi["PutIntegrationResponse"]> = async (input, ctx) => {
  const { statusCode, selectionPattern, responseParameters, responseTemplates } = input;
  if (input.contentHandling !== undefined) throw notImplemented("contentHandling of integration responses");
  const response: IntegrationResponseRow = defined({ selectionPattern, responseParameters, responseTemplates });
  await ctx.write(async (tx) => {
    const method = await requireIntegration(tx, input);
    checkIntegrationResponse(method, statusCode, response);
    if (!Object.hasOwn(method.responses, statusCode)) throw missing.response();
    const { integration } = method;
    const responses = withEntry(integration.responses, statusCode, response);
    tx.put(methods, { ...method, integration: { ...integration, responses } });
  });
  return describeIntegrationResponse(response, statusCode);
};
