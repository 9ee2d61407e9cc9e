import type { HttpResponse } from "../../../kernel/http.ts";
import type { CallIds } from "./stage-call.ts";

/**
 * An answer that the gateway gives itself instead of an integration.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export class GatewayRefusal extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, message: string, type: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export const refusal = {
  forbidden: () => new GatewayRefusal(403, "Forbidden", "ForbiddenException"),
  noRoute: () => new GatewayRefusal(403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
  unsupportedMediaType: () => new GatewayRefusal(415, "Unsupported Media Type", "BadRequestException"),
  misconfigured: () => new GatewayRefusal(500, "Internal server error", "InternalServerErrorException"),
  badAnswer: () => new GatewayRefusal(502, "Internal server error", "InternalServerErrorException"),
  timeout: () => new GatewayRefusal(504, "Endpoint request timed out", "InternalServerErrorException"),
} as const;

export function refusalResponse({ status, message, type }: GatewayRefusal, ids: CallIds): HttpResponse {
  return {
    status,
    headers: [["Content-Type", "application/json"], ["x-amzn-ErrorType", type], ...idHeaders(ids)],
    body: JSON.stringify({ message }),
  };
}

export function idHeaders(ids: CallIds): (readonly [string, string])[] {
  return [
    ["x-amzn-RequestId", ids.requestId],
    ["x-amz-apigw-id", ids.extendedRequestId],
  ];
}
