import { AwsError } from "../../../api/aws-error.ts";
import { job, type Job, type JobContext } from "../../../kernel/jobs.ts";
import type { Fleet } from "../invocation/fleet.ts";
import { resolveInvocation, type ResolvedInvocation } from "../invocation/resolve-invocation.ts";
import { sendRecord, type AsyncResult } from "../invocation/send-record.ts";
import { eventInvokeConfigs, type EventInvokeConfigRow } from "../state.ts";

export interface AsyncInvocationPayload {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly traceId: string;
  readonly clientContext?: string;
  readonly queuedAt: number;
  /** How often the function itself has failed. */
  readonly failures: number;
}

/** AWS's defaults: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const defaultMaxAgeSeconds = 21_600;
const defaultMaxRetries = 2;

/**
 * Runs an asynchronous invocation. A function that fails is tried again after one and then two minutes; one that cannot
 * run now (throttled) until the event is too old. Then the event goes to the destination for failures, or is dropped.
 */
export function runAsyncInvocation(fleet: Fleet): Job<AsyncInvocationPayload> {
  const definition: Job<AsyncInvocationPayload> = job({
    name: "run-async-invocation",
    retry: { attempts: 1_000, backoffMs: (failed) => Math.min(1000 * 2 ** (failed - 1), 300_000) },
    run: async (invocation, ctx) => {
      const { requestId, event, traceId, clientContext, queuedAt, failures } = invocation;
      const found = await findInvocation(invocation, ctx);
      if (!found) return;
      const { target, row, share, config } = found;
      const ended = (result: Omit<AsyncResult, "requestId" | "event">) =>
        end({ requestId, event, ...result }, found, ctx);
      const maxAgeMs = (config?.maxAgeSeconds ?? defaultMaxAgeSeconds) * 1000;
      if (ctx.clock.now() - queuedAt > maxAgeMs) return ended({ condition: "EventAgeExceeded", attempts: failures });
      if (share.reserved === 0) return ended({ condition: "ZeroReservedConcurrency", attempts: failures });
      const request = {
        requestId,
        event: Buffer.from(event),
        functionArn: target.arn,
        traceId,
        ...(clientContext !== undefined && { clientContext }),
      };
      const answer = await fleet.invoke(row, ctx, request, share);
      const attempts = failures + 1;
      if (!answer.failed) return ended({ condition: "Success", attempts, answer });
      // The platform is stopping and ended the environment: no failure of the function's. It runs again after the start.
      ctx.signal.throwIfAborted();
      if (failures >= (config?.maxRetries ?? defaultMaxRetries)) {
        return ended({ condition: "RetriesExhausted", attempts, answer });
      }
      const at = ctx.clock.now() + attempts * 60_000;
      if (at - queuedAt > maxAgeMs) return ended({ condition: "EventAgeExceeded", attempts, answer });
      await ctx.complete(async (tx) => tx.schedule(definition, { ...invocation, failures: attempts }, { at }));
    },
  });
  return definition;
}

type Found = ResolvedInvocation & { readonly config: EventInvokeConfigRow | undefined };

/** Undefined when the function was deleted while the event waited. */
function findInvocation(
  { functionName, qualifier }: AsyncInvocationPayload,
  ctx: JobContext,
): Promise<Found | undefined> {
  return ctx.read(async (snapshot) => {
    try {
      const resolved = await resolveInvocation(snapshot, ctx, functionName, qualifier);
      const key = [resolved.target.latest.name, qualifier ?? "$LATEST"];
      return { ...resolved, config: await snapshot.get(eventInvokeConfigs, key) };
    } catch (error) {
      if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
      throw error;
    }
  });
}

/** The last word about an event: told to the destination for its kind, where there is one. */
async function end(result: AsyncResult, { target, row, config }: Found, ctx: JobContext): Promise<void> {
  const destination = result.condition === "Success" ? config?.onSuccess : config?.onFailure;
  if (destination !== undefined) {
    const arn = target.qualifier === undefined ? `${target.arn}:$LATEST` : target.arn;
    return sendRecord(destination, result, row, arn, ctx);
  }
  if (result.condition === "Success") return;
  ctx.log.warn(`An asynchronous invocation is dropped: ${reasons[result.condition]}.`, {
    function: target.arn,
    requestId: result.requestId,
  });
}

const reasons = {
  RetriesExhausted: "the function failed as often as it may",
  EventAgeExceeded: "the event is older than the function's events may become",
  ZeroReservedConcurrency: "no concurrency is reserved for the function",
};
