import type { EpochMs } from "../base/clock.ts";
import type { ServiceContext } from "./context.ts";
import type { Transaction } from "./records.ts";

/**
 * Work that happens later: deliveries, retries, timers, expiries. Durable, leased, run at least once. Payloads are JSON.
 * `run` that resolves ends the job; one that rejects is retried with `retry`, and stays visible as dead after the last attempt.
 */
export interface Job<Payload> {
  /** Unique within its service: `expire-session`. Stored; renaming it orphans jobs that are waiting. */
  readonly name: string;
  readonly run: (payload: Payload, ctx: JobContext) => Promise<void>;
  readonly retry?: RetryPolicy;
  /** Jobs of one key run one after another, in the order in which they were scheduled. */
  readonly orderBy?: (payload: Payload) => string;
  /** A run that takes longer is taken for lost and given to somebody else. Default 15 min 30 s. */
  readonly leaseMs?: number;
}

export interface RetryPolicy {
  /** How often it is tried in all. Default 5. */
  readonly attempts?: number;
  /** Wait before the attempt after `failed` failures (1 = the first). Default: 1 s doubled each time, at most 5 min. */
  readonly backoffMs?: (failed: number) => number;
}

export interface JobContext extends ServiceContext {
  readonly jobId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** When it was due. */
  readonly dueAt: EpochMs;
  /** Ends this job in the same commit as what the body writes, so that this much is done exactly once. */
  complete<R>(body: (tx: Transaction) => Promise<R>): Promise<R>;
}

export function job<Payload>(definition: Job<Payload>): Job<Payload> {
  return definition;
}
