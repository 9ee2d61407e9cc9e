import { job, type Job } from "../../../kernel/jobs.ts";
import { AwsError } from "../../../api/aws-error.ts";
import { chooseVersion } from "../functions/alias.ts";
import { requireTarget } from "../functions/function-name.ts";
import type { Fleet } from "../invocation/fleet.ts";

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
const maxAgeMs = 6 * 3_600_000;
const maxRetries = 2;

/**
 * Runs an asynchronous invocation. A function that fails is tried again after one and then two minutes; one that cannot
 * run now (throttled) for up to six hours. Then the event is dropped, as on AWS without a destination.
 */
export function runAsyncInvocation(fleet: Fleet): Job<AsyncInvocationPayload> {
  const definition: Job<AsyncInvocationPayload> = job({
    name: "run-async-invocation",
    retry: { attempts: 1_000, backoffMs: (failed) => Math.min(1000 * 2 ** (failed - 1), 300_000) },
    run: async (invocation, ctx) => {
      const { functionName, qualifier, requestId, event, traceId, clientContext, queuedAt, failures } = invocation;
      const found = await ctx.read(async (snapshot) => {
        const target = await requireTarget(snapshot, ctx, functionName, qualifier).catch(gone);
        return target && { target, row: await chooseVersion(snapshot, target, ctx.ids) };
      });
      if (!found) return;
      const { target, row } = found;
      if (ctx.clock.now() - queuedAt > maxAgeMs) {
        ctx.log.warn("An asynchronous invocation is dropped: it waited for six hours.", { functionName, requestId });
        return;
      }
      const result = await fleet.invoke(row, ctx, {
        requestId,
        event: Buffer.from(event),
        functionArn: target.arn,
        traceId,
        ...(clientContext !== undefined && { clientContext }),
      });
      if (!result.failed) return;
      // The platform is stopping and ended the environment: no failure of the function's. It runs again after the start.
      ctx.signal.throwIfAborted();
      if (failures === maxRetries) {
        ctx.log.warn("An asynchronous invocation is dropped: the function failed three times.", {
          functionName,
          requestId,
        });
        return;
      }
      await ctx.complete(async (tx) => {
        const at = ctx.clock.now() + (failures + 1) * 60_000;
        tx.schedule(definition, { ...invocation, failures: failures + 1 }, { at });
      });
    },
  });
  return definition;
}

/** What was deleted while an event waited gets no event. */
function gone(error: unknown): undefined {
  if (!(error instanceof AwsError) || error.code !== "ResourceNotFoundException") throw error;
}
