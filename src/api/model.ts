/**
 * What a generated descriptor (`src/api/<service>/model.json`) holds: AWS's API model, without documentation and without
 * what a server never asks. Names are those of the published models. Codecs and validators are compiled from it.
 */
export type Protocol = "json" | "query" | "ec2" | "rest-json" | "rest-xml" | "smithy-rpc-v2-cbor";

export interface ServiceModel {
  /** Our name for the service, that of its folder: `dynamodb`, `stepfunctions`. */
  readonly name: string;
  readonly metadata: ServiceMetadata;
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface ServiceMetadata {
  readonly apiVersion: string;
  /** All that clients may speak, the preferred one first. */
  readonly protocols: readonly Protocol[];
  readonly endpointPrefix: string;
  readonly signingName: string;
  /** `DynamoDB`, `API Gateway`: AWS's service id. */
  readonly serviceId: string;
  readonly serviceFullName: string;
  /** `1.0` or `1.1`, for the JSON protocol. */
  readonly jsonVersion?: string;
  /** `DynamoDB_20120810`: what precedes the operation in `X-Amz-Target`, and the service in rpc-v2-cbor paths. */
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  /** Errors carry `x-amzn-query-error` for clients that knew the service as a query service. */
  readonly queryCompatible?: boolean;
}

export interface OperationModel {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: ShapeRef;
  readonly output?: ShapeRef;
  readonly errors?: readonly string[];
  /** No signature is expected: `none`; otherwise SigV4. */
  readonly authtype?: string;
  /** The body is signed as UNSIGNED-PAYLOAD. */
  readonly unsignedPayload?: boolean;
  readonly requestCompression?: readonly string[];
  readonly httpChecksum?: Readonly<Record<string, unknown>>;
  readonly httpChecksumRequired?: boolean;
  readonly hostPrefix?: string;
  readonly deprecated?: boolean;
}

/** A use of a shape: the traits that belong to the place, not to the shape. */
export interface ShapeRef {
  readonly shape: string;
  readonly location?: "header" | "headers" | "uri" | "querystring" | "statusCode";
  readonly locationName?: string;
  /** Name in the query protocols where it is another one than in JSON: `AttributeName` for the entries of SQS `AttributeNames`. */
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly streaming?: boolean;
  readonly xmlNamespace?: { readonly uri: string; readonly prefix?: string } | string;
  readonly xmlAttribute?: boolean;
  readonly timestampFormat?: "iso8601" | "rfc822" | "unixTimestamp";
  readonly jsonvalue?: boolean;
  readonly idempotencyToken?: boolean;
  readonly hostLabel?: boolean;
  readonly eventheader?: boolean;
  readonly eventpayload?: boolean;
  readonly box?: boolean;
  readonly deprecated?: boolean;
  /** On operation outputs of the query protocol. */
  readonly resultWrapper?: string;
}

export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

export interface StructureShape {
  readonly type: "structure";
  readonly members: Readonly<Record<string, ShapeRef>>;
  readonly required?: readonly string[];
  /** Member that is the whole body. */
  readonly payload?: string;
  readonly union?: boolean;
  readonly document?: boolean;
  readonly eventstream?: boolean;
  readonly event?: boolean;
  readonly exception?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
  readonly fault?: boolean;
  readonly retryable?: { readonly throttling?: boolean };
  readonly xmlNamespace?: { readonly uri: string; readonly prefix?: string } | string;
  readonly locationName?: string;
  readonly wrapper?: boolean;
  readonly xmlOrder?: readonly string[];
  readonly sensitive?: boolean;
}

export interface ListShape {
  readonly type: "list";
  readonly member: ShapeRef;
  readonly flattened?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
}

export interface MapShape {
  readonly type: "map";
  readonly key: ShapeRef;
  readonly value: ShapeRef;
  readonly flattened?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly locationName?: string;
  readonly sensitive?: boolean;
}

export interface ScalarShape {
  readonly type: "string" | "character" | "integer" | "long" | "float" | "double" | "boolean" | "timestamp" | "blob";
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly box?: boolean;
  readonly streaming?: boolean;
  readonly requiresLength?: boolean;
  readonly timestampFormat?: "iso8601" | "rfc822" | "unixTimestamp";
  readonly jsonvalue?: boolean;
  readonly sensitive?: boolean;
}

/**
 * One line a service in the generated catalogue (`src/api/catalogue.ts`): what is needed to find the service of a request
 * without loading its model.
 */
export interface CatalogueEntry {
  readonly name: string;
  readonly signingName: string;
  readonly endpointPrefix: string;
  readonly serviceId: string;
  readonly apiVersion: string;
  readonly protocols: readonly Protocol[];
  readonly targetPrefix?: string;
}
