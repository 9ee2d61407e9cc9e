import type { Job } from "../../../kernel/jobs.ts";
import type { Fleet } from "../invocation/fleet.ts";
import { activateFunction, type ActivateFunctionPayload } from "../jobs/activate-function.ts";
import { cleanUpFunction, type CleanUpFunctionPayload } from "../jobs/clean-up-function.ts";
import { runAsyncInvocation, type AsyncInvocationPayload } from "../jobs/run-async-invocation.ts";

/** What operations of this service share: the environments, and the jobs that need them. */
export interface LambdaParts {
  readonly fleet: Fleet;
  readonly activateFunction: Job<ActivateFunctionPayload>;
  readonly cleanUpFunction: Job<CleanUpFunctionPayload>;
  readonly runAsyncInvocation: Job<AsyncInvocationPayload>;
}

export function lambdaParts(fleet: Fleet): LambdaParts {
  return {
    fleet,
    activateFunction: activateFunction(fleet),
    cleanUpFunction: cleanUpFunction(fleet),
    runAsyncInvocation: runAsyncInvocation(fleet),
  };
}
