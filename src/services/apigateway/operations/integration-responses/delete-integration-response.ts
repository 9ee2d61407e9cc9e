import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireIntegration, withoutEntry } from "../../records.ts";
import { missing } from "../../refusals.ts";
import { methods } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteIntegrationResponse.html */
export const deleteIntegrationResponse: Handler<APIGatewayApi["DeleteIntegrationResponse"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const method = await requireIntegration(tx, input);
    const { integration } = method;
    if (!Object.hasOwn(integration.responses, input.statusCode)) throw missing.response();
    const responses = withoutEntry(integration.responses, input.statusCode) ?? {};
    tx.put(methods, { ...method, integration: { ...integration, responses } });
  });
  return {};
};
