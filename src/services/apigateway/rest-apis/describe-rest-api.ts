import type { RestApi } from "../../../api/apigateway/types.ts";
import type { RestApiRow } from "../state.ts";

export function describeRestApi(row: RestApiRow): RestApi {
  const { createdAt, tags, endpointConfiguration, binaryMediaTypes, securityPolicy, ...same } = row;
  return {
    ...same,
    createdDate: new Date(createdAt),
    endpointConfiguration: {
      types: [...endpointConfiguration.types],
      ipAddressType: endpointConfiguration.ipAddressType,
    },
    ...(binaryMediaTypes !== undefined && { binaryMediaTypes: [...binaryMediaTypes] }),
    ...(securityPolicy !== undefined && { securityPolicy: securityPolicy as NonNullable<RestApi["securityPolicy"]> }),
    ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
  };
}
