import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { checkIntegrationResponse } from "../../integrations/check-integration.ts";
import { describeIntegrationResponse } from "../../methods/describe-method.ts";
import { applyPatch, namesPath, type PatchPath } from "../../patch.ts";
import { requireIntegration, withEntry, withoutEntry } from "../../records.ts";
import { missing, notImplemented } from "../../refusals.ts";
import { methods, type IntegrationResponseRow } from "../../state.ts";

const all = ["add", "remove", "replace"] as const;

const paths: readonly PatchPath<IntegrationResponseRow>[] = [
  {
    path: "/selectionPattern",
    ops: ["replace"],
    apply: (row, { value }) => ({ ...row, selectionPattern: value }),
  },
  {
    path: "/contentHandling",
    ops: ["replace"],
    apply: (row, { value }) => {
      if (value !== "") throw notImplemented("contentHandling of integration responses");
      return row;
    },
  },
  {
    path: "/responseParameters/{name}",
    ops: all,
    apply: ({ responseParameters: before, ...row }, { op, key, value }) =>
      op === "remove"
        ? defined({ ...row, responseParameters: withoutEntry(before, key) })
        : { ...row, responseParameters: withEntry(before, key, value) },
  },
  {
    path: "/responseTemplates/{contentType}",
    ops: all,
    apply: ({ responseTemplates: before, ...row }, { op, key, value }) =>
      op === "remove"
        ? defined({ ...row, responseTemplates: withoutEntry(before, key) })
        : { ...row, responseTemplates: withEntry(before, key, value) },
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateIntegrationResponse.html */
export const updateIntegrationResponse: Handler<APIGatewayApi["UpdateIntegrationResponse"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const { statusCode } = input;
    const method = await requireIntegration(tx, input);
    const { integration } = method;
    if (!Object.hasOwn(integration.responses, statusCode)) throw missing.response();
    const response = applyPatch(integration.responses[statusCode]!, input.patchOperations, paths, namesPath);
    checkIntegrationResponse(method, statusCode, response);
    const responses = withEntry(integration.responses, statusCode, response);
    tx.put(methods, { ...method, integration: { ...integration, responses } });
    return describeIntegrationResponse(response, statusCode);
  });
