import { InvalidRequestContentException, RequestTooLargeException } from "../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../api/lambda/types.ts";
import { asBuffer, decodeUtf8, fromBase64, utf8 } from "../../../base/bytes.ts";
import type { Handler } from "../../../kernel/service.ts";
import { versionOf } from "../functions/function-name.ts";
import { newTraceId } from "../invocation/trace-id.ts";
import { untilReady } from "../invocation/until-ready.ts";
import type { LambdaParts } from "../functions/lambda-parts.ts";
import { notImplemented } from "../functions/not-implemented.ts";
import { resolveInvocation } from "../invocation/resolve-invocation.ts";

/** Payload limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxSyncBytes = 6_291_456;
const maxAsyncBytes = 1_048_576;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invoke(parts: LambdaParts): Handler<LambdaApi["Invoke"]> {
  return async (input, ctx) => {
    if (input.DurableExecutionName !== undefined) throw notImplemented("durable executions are");
    if (input.TenantId !== undefined) throw notImplemented("tenant isolation is");
    const type = input.InvocationType ?? "RequestResponse";
    const { target, row, share } = await ctx.read((snapshot) =>
      resolveInvocation(snapshot, ctx, input.FunctionName, input.Qualifier),
    );
    const { qualifier } = target;
    if (type === "DryRun") return { StatusCode: 204, Payload: new Uint8Array(0) };
    const event = readEvent(input.Payload, type);
    const clientContext = readClientContext(input.ClientContext);
    const ready = row.state === "Active" ? row : await untilReady(row, ctx);
    const invocation = {
      requestId: ctx.requestId,
      traceId: ctx.headers["x-amzn-trace-id"] ?? newTraceId(ctx),
      ...(clientContext !== undefined && { clientContext }),
    };
    if (type === "Event") {
      await ctx.write(async (tx) =>
        tx.schedule(parts.runAsyncInvocation, {
          ...invocation,
          functionName: row.name,
          ...(qualifier !== undefined && { qualifier }),
          event: asBuffer(event).toString(),
          queuedAt: ctx.clock.now(),
          failures: 0,
        }),
      );
      return { StatusCode: 202, Payload: new Uint8Array(0) };
    }
    const withLogTail = input.LogType === "Tail";
    const request = { ...invocation, event, functionArn: target.arn, withLogTail };
    const result = await parts.fleet.invoke(ready, ctx, request, share);
    return {
      StatusCode: 200,
      ...(result.failed && { FunctionError: "Unhandled" }),
      ...(withLogTail && { LogResult: Buffer.from(result.logTail).toString("base64") }),
      ExecutedVersion: versionOf(row),
      Payload: result.payload,
    };
  };
}

/** No payload is the empty object; anything else must be JSON, as AWS checks before a function runs. */
export function readEvent(payload: Uint8Array | undefined, type: "Event" | "RequestResponse"): Uint8Array {
  if (payload === undefined || payload.byteLength === 0) return utf8("{}");
  const limit = type === "Event" ? maxAsyncBytes : maxSyncBytes;
  if (payload.byteLength > limit) {
    throw new RequestTooLargeException({
      Type: "User",
      message: `${payload.byteLength} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    });
  }
  const text = decodeUtf8(payload);
  try {
    if (text === undefined) throw new SyntaxError("Invalid UTF-8");
    JSON.parse(text);
  } catch (error) {
    throw new InvalidRequestContentException({
      Type: "User",
      message: `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    });
  }
  return payload;
}

/** Base64 of JSON, at most 3,583 bytes: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-ClientContext */
export function readClientContext(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const bytes = encoded.length <= 3583 ? fromBase64(encoded) : undefined;
  const text = bytes && decodeUtf8(bytes);
  try {
    if (text === undefined) throw new SyntaxError("it is not base64 of UTF-8");
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new InvalidRequestContentException({
      Type: "User",
      message: `Client context must be a valid Base64-encoded JSON object: ${(error as Error).message}`,
    });
  }
}
