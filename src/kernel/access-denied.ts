import { AwsError } from "../api/aws-error.ts";
import type { Protocol } from "../api/model.ts";
import type { Principal } from "./principal.ts";

interface Place {
  readonly service: string;
  readonly protocol: Protocol;
}

/** Services that keep a code of their own. */
const ownCodes: ReadonlyMap<string, { readonly code: string; readonly status: number }> = new Map([
  // https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
  ["sns", { code: "AuthorizationError", status: 403 }],
  // A query service in its past, whose clients know the code of those days.
  ["sqs", { code: "AccessDenied", status: 403 }],
]);

const codes: Record<Protocol, { readonly code: string; readonly status: number }> = {
  json: { code: "AccessDeniedException", status: 400 },
  "smithy-rpc-v2-cbor": { code: "AccessDeniedException", status: 400 },
  "rest-json": { code: "AccessDeniedException", status: 403 },
  query: { code: "AccessDenied", status: 403 },
  "rest-xml": { code: "AccessDenied", status: 403 },
  ec2: { code: "UnauthorizedOperation", status: 403 },
};

/**
 * AWS's refusal: `User: arn:… is not authorized to perform: s3:GetObject on resource: arn:… because no …`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function accessDenied(
  call: Place & { readonly principal: Principal },
  action: string,
  resource: string,
  reason: string,
): AwsError {
  const message = `User: ${nameOf(call.principal)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new AwsError({ ...(ownCodes.get(call.service) ?? codes[call.protocol]), message });
}

/** The answer to credentials whose user or role is gone. */
export function invalidToken({ protocol }: Place): AwsError {
  const message = "The security token included in the request is invalid.";
  return protocol === "json" || protocol === "smithy-rpc-v2-cbor"
    ? new AwsError({ code: "UnrecognizedClientException", status: 400, message })
    : protocol === "rest-json"
      ? new AwsError({ code: "UnrecognizedClientException", status: 403, message })
      : new AwsError({ code: "InvalidClientTokenId", status: 403, message });
}

function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case "root":
      return `arn:aws:iam::${principal.account}:root`;
    case "user":
    case "assumed-role":
    case "federated-user":
      return principal.arn;
    case "service":
      return principal.service;
    case "anonymous":
      return "anonymous";
  }
}
