import { AwsError } from "../../api/aws-error.ts";
import type { Protocol } from "../../api/model.ts";

/** How a service words refusals of a signature: by its protocol, and S3 in its own way. */
export type RefusalStyle = "json" | "rest-json" | "query" | "s3";

export function refusalStyle(service: string, protocol: Protocol): RefusalStyle {
  if (service === "s3") return "s3";
  if (protocol === "json" || protocol === "smithy-rpc-v2-cbor") return "json";
  return protocol === "rest-json" ? "rest-json" : "query";
}

interface Wording {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

const outdated = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";

type Words = (detail: string) => Wording;

const invalidToken = "The security token included in the request is invalid.";
const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/**
 * AWS's codes, statuses and messages. `detail` is the reason where AWS gives one.
 * JSON services answer 400 where REST and Query services answer 403.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const wordings: Record<Reason, Record<RefusalStyle, Words>> = {
  unsigned: {
    json: () => ({
      code: "MissingAuthenticationTokenException",
      status: 400,
      message: "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.",
    }),
    "rest-json": () => ({
      code: "MissingAuthenticationTokenException",
      status: 403,
      message: "Missing Authentication Token",
    }),
    query: () => ({
      code: "MissingAuthenticationToken",
      status: 403,
      message: "Request is missing Authentication Token",
    }),
    s3: () => ({ code: "AccessDenied", status: 403, message: "Access Denied" }),
  },
  outdated: {
    json: () => ({ code: "IncompleteSignatureException", status: 400, message: outdated }),
    "rest-json": () => ({ code: "IncompleteSignatureException", status: 403, message: outdated }),
    query: () => ({ code: "IncompleteSignature", status: 400, message: outdated }),
    s3: () => ({ code: "InvalidRequest", status: 400, message: outdated }),
  },
  malformed: {
    json: (message) => ({ code: "IncompleteSignatureException", status: 400, message }),
    "rest-json": (message) => ({ code: "IncompleteSignatureException", status: 403, message }),
    query: (message) => ({ code: "IncompleteSignature", status: 400, message }),
    s3: (message) => ({
      code:
        message.startsWith("AWS query-string") || message.startsWith("X-Amz-")
          ? "AuthorizationQueryParametersError"
          : "AuthorizationHeaderMalformed",
      status: 400,
      message,
    }),
  },
  unknownKey: {
    json: () => ({ code: "UnrecognizedClientException", status: 400, message: invalidToken }),
    "rest-json": () => ({ code: "UnrecognizedClientException", status: 403, message: invalidToken }),
    query: () => ({ code: "InvalidClientTokenId", status: 403, message: invalidToken }),
    s3: () => ({
      code: "InvalidAccessKeyId",
      status: 403,
      message: "The AWS Access Key Id you provided does not exist in our records.",
    }),
  },
  wrongToken: {
    json: () => ({ code: "UnrecognizedClientException", status: 400, message: invalidToken }),
    "rest-json": () => ({ code: "UnrecognizedClientException", status: 403, message: invalidToken }),
    query: () => ({ code: "InvalidClientTokenId", status: 403, message: invalidToken }),
    s3: () => ({
      code: "InvalidToken",
      status: 400,
      message: "The provided token is malformed or otherwise invalid.",
    }),
  },
  expiredToken: {
    json: () => ({
      code: "ExpiredTokenException",
      status: 400,
      message: "The security token included in the request is expired",
    }),
    "rest-json": () => ({
      code: "ExpiredTokenException",
      status: 403,
      message: "The security token included in the request is expired",
    }),
    query: () => ({
      code: "ExpiredToken",
      status: 403,
      message: "The security token included in the request is expired",
    }),
    s3: () => ({ code: "ExpiredToken", status: 400, message: "The provided token has expired." }),
  },
  skewed: {
    json: (message) => ({ code: "InvalidSignatureException", status: 400, message }),
    "rest-json": (message) => ({ code: "InvalidSignatureException", status: 403, message }),
    query: (message) => ({ code: "SignatureDoesNotMatch", status: 403, message }),
    s3: () => ({
      code: "RequestTimeTooSkewed",
      status: 403,
      message: "The difference between the request time and the current time is too large.",
    }),
  },
  presignedExpired: {
    json: (message) => ({ code: "InvalidSignatureException", status: 400, message }),
    "rest-json": (message) => ({ code: "InvalidSignatureException", status: 403, message }),
    query: (message) => ({ code: "SignatureDoesNotMatch", status: 403, message }),
    s3: () => ({ code: "AccessDenied", status: 403, message: "Request has expired" }),
  },
  mismatch: {
    json: (detail) => ({ code: "InvalidSignatureException", status: 400, message: mismatch + detail }),
    "rest-json": (detail) => ({ code: "InvalidSignatureException", status: 403, message: mismatch + detail }),
    query: (detail) => ({ code: "SignatureDoesNotMatch", status: 403, message: mismatch + detail }),
    s3: () => ({
      code: "SignatureDoesNotMatch",
      status: 403,
      message:
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    }),
  },
  payloadMismatch: {
    json: () => ({ code: "InvalidSignatureException", status: 400, message: mismatch }),
    "rest-json": () => ({ code: "InvalidSignatureException", status: 403, message: mismatch }),
    query: () => ({ code: "SignatureDoesNotMatch", status: 403, message: mismatch }),
    s3: () => ({
      code: "XAmzContentSHA256Mismatch",
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    }),
  },
};

type Reason =
  | "unsigned"
  | "outdated"
  | "malformed"
  | "unknownKey"
  | "wrongToken"
  | "expiredToken"
  | "skewed"
  | "presignedExpired"
  | "mismatch"
  | "payloadMismatch";

/** Makes the refusal of a request whose signature does not hold, as the service's family words it. */
export function refuseSignature(
  reason: Reason,
  style: RefusalStyle,
  detail = "",
  fields?: Readonly<Record<string, unknown>>,
): AwsError {
  return new AwsError({ ...wordings[reason][style](detail), ...(fields === undefined ? {} : { fields }) });
}
