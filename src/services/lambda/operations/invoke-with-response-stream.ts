import type {
  InvokeWithResponseStreamResponseEvent,
  InvokeWithResponseStreamResponse,
  LambdaApi,
} from "../../../api/lambda/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { versionOf } from "../functions/function-name.ts";
import type { LambdaParts } from "../functions/lambda-parts.ts";
import { notImplemented } from "../functions/not-implemented.ts";
import type { InvocationResult } from "../invocation/fleet.ts";
import { resolveInvocation } from "../invocation/resolve-invocation.ts";
import { newTraceId } from "../invocation/trace-id.ts";
import { untilReady } from "../invocation/until-ready.ts";
import { readClientContext, readEvent } from "./invoke.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html */
export function invokeWithResponseStream(parts: LambdaParts): Handler<LambdaApi["InvokeWithResponseStream"]> {
  return async (input, ctx): Promise<InvokeWithResponseStreamResponse> => {
    if (input.TenantId !== undefined) throw notImplemented("tenant isolation is");
    const { target, row, share } = await ctx.read((snapshot) =>
      resolveInvocation(snapshot, ctx, input.FunctionName, input.Qualifier),
    );
    const answer = { ExecutedVersion: versionOf(row), ResponseStreamContentType: "application/vnd.amazon.eventstream" };
    if (input.InvocationType === "DryRun") return { ...answer, StatusCode: 204, EventStream: events([]) };
    const event = readEvent(input.Payload, "RequestResponse");
    const clientContext = readClientContext(input.ClientContext);
    const ready = row.state === "Active" ? row : await untilReady(row, ctx);
    const { promise: begun, resolve: begin } = Promise.withResolvers<AsyncIterable<Uint8Array> | undefined>();
    const run = parts.fleet.invoke(
      ready,
      ctx,
      {
        requestId: ctx.requestId,
        event,
        functionArn: target.arn,
        traceId: ctx.headers["x-amzn-trace-id"] ?? newTraceId(ctx),
        ...(clientContext !== undefined && { clientContext }),
        withLogTail: input.LogType === "Tail",
        onStream: (_, body) => begin(body),
      },
      share,
    );
    // Refusals and failures before the first byte are answered before the stream begins.
    run.then(
      () => begin(undefined),
      () => begin(undefined),
    );
    const body = await begun;
    if (!body) await run;
    return { ...answer, StatusCode: 200, EventStream: streamOf(body, run, input.LogType === "Tail") };
  };
}

async function* streamOf(
  body: AsyncIterable<Uint8Array> | undefined,
  run: Promise<InvocationResult>,
  withLog: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent, void, undefined> {
  for await (const Payload of body ?? []) yield { PayloadChunk: { Payload } };
  const { payload, failed, logTail } = await run;
  if (!body && !failed) yield { PayloadChunk: { Payload: payload } };
  yield {
    InvokeComplete: {
      ...(failed && { ErrorCode: "Unhandled", ErrorDetails: Buffer.from(payload).toString() }),
      ...(withLog && { LogResult: Buffer.from(logTail).toString("base64") }),
    },
  };
}

async function* events(
  list: readonly InvokeWithResponseStreamResponseEvent[],
): AsyncGenerator<InvokeWithResponseStreamResponseEvent, void, undefined> {
  yield* list;
}
