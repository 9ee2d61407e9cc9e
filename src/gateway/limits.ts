/** Bounds of the front door. Whatever a client sends, it costs no more than this. */
export interface GatewayLimits {
  /** Request line and headers together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Open connections; more are dropped at once. */
  readonly connections: number;
  /** A client must have sent the whole head within this time. */
  readonly headSeconds: number;
  /** The longest pause between two pieces of a body, or before the first byte of a connection. */
  readonly pauseSeconds: number;
  /** The longest time for a whole request to arrive. */
  readonly requestSeconds: number;
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number;
  /** Requests at once on one HTTP/2 connection. */
  readonly streams: number;
  /** Body of an operation that `bodyBytesOf` does not name. */
  readonly bodyBytes: number;
  /** Sum of a streaming body. */
  readonly streamBytes: number;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

export const defaultLimits: GatewayLimits = {
  // Presigned URLs with session tokens, and API Gateway's 10,240 bytes of headers, fit.
  headerBytes: 32 * kibibyte,
  headerCount: 200,
  connections: 10_000,
  headSeconds: 20,
  pauseSeconds: 30,
  requestSeconds: 3600,
  // Above the 60 s for which AWS's SDKs keep a connection, so that the client closes first and no request meets a reset.
  keepAliveSeconds: 75,
  streams: 128,
  bodyBytes: 10 * mebibyte,
  streamBytes: 5 * 1024 * mebibyte,
};

/**
 * Bodies that AWS lets grow larger (or not so large) than the default, in bytes. Where an operation has its own message for
 * a payload too large, this bound lies above it and only protects the process.
 */
const operationBytes: ReadonlyMap<string, number> = new Map([
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: a 50 MB zip, in base64.
  ["lambda.CreateFunction", 70_167_211],
  ["lambda.UpdateFunctionCode", 70_167_211],
  ["lambda.PublishLayerVersion", 70_167_211],
  // The operation refuses payloads over 6 MB itself.
  ["lambda.Invoke", 20 * mebibyte],
  ["lambda.InvokeWithResponseStream", 20 * mebibyte],
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
  ["dynamodb.BatchWriteItem", 16 * mebibyte],
  ["dynamodb.TransactWriteItems", 16 * mebibyte],
  // 10 MiB of records, in base64.
  ["kinesis.PutRecords", 15 * mebibyte],
  ["kinesis.PutRecord", 15 * mebibyte],
  ["apigateway.ImportRestApi", 20 * mebibyte],
  ["apigateway.PutRestApi", 20 * mebibyte],
  ["ecr.UploadLayerPart", 30 * mebibyte],
]);

/** The largest body that an operation takes, in bytes. */
export function bodyBytesOf(service: string, operation: string, limits: GatewayLimits): number {
  return operationBytes.get(`${service}.${operation}`) ?? limits.bodyBytes;
}
