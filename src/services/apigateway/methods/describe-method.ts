import type { Integration, IntegrationResponse, Method, MethodResponse } from "../../../api/apigateway/types.ts";
import type { IntegrationResponseRow, IntegrationRow, MethodResponseRow, MethodRow } from "../state.ts";

export function describeMethod(row: MethodRow): Method {
  const { apiId: _, resourceId: __, responses, integration, requestParameters, requestModels, ...same } = row;
  return {
    ...same,
    apiKeyRequired: false,
    ...(requestParameters && { requestParameters: { ...requestParameters } }),
    ...(requestModels && { requestModels: { ...requestModels } }),
    ...(Object.keys(responses).length > 0 && { methodResponses: mapEntries(responses, describeMethodResponse) }),
    ...(integration && { methodIntegration: describeIntegration(integration) }),
  };
}

export function describeMethodResponse(row: MethodResponseRow, statusCode: string): MethodResponse {
  const { responseParameters, responseModels } = row;
  return {
    statusCode,
    ...(responseParameters && { responseParameters: { ...responseParameters } }),
    ...(responseModels && { responseModels: { ...responseModels } }),
  };
}

export function describeIntegration(row: IntegrationRow): Integration {
  const { responses, requestParameters, requestTemplates, cacheKeyParameters, ...same } = row;
  return {
    ...same,
    cacheKeyParameters: [...cacheKeyParameters],
    ...(requestParameters && { requestParameters: { ...requestParameters } }),
    ...(requestTemplates && { requestTemplates: { ...requestTemplates } }),
    ...(Object.keys(responses).length > 0 && {
      integrationResponses: mapEntries(responses, describeIntegrationResponse),
    }),
  };
}

export function describeIntegrationResponse(row: IntegrationResponseRow, statusCode: string): IntegrationResponse {
  const { selectionPattern, responseParameters, responseTemplates } = row;
  return {
    statusCode,
    ...(selectionPattern !== undefined && { selectionPattern }),
    ...(responseParameters && { responseParameters: { ...responseParameters } }),
    ...(responseTemplates && { responseTemplates: { ...responseTemplates } }),
  };
}

function mapEntries<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
