import { job, type Job } from "../../../kernel/jobs.ts";
import type { Fleet } from "../invocation/fleet.ts";

export interface CleanUpFunctionPayload {
  readonly functionId: string;
  /** Absent when something else still runs the code. */
  readonly blobId?: string;
  /** Absent when the function is deleted. */
  readonly keepRevision?: string;
}

/** Ends environments and deletes the package of code that no function runs any more. */
export function cleanUpFunction(fleet: Fleet): Job<CleanUpFunctionPayload> {
  return job({
    name: "clean-up-function",
    run: async ({ functionId, blobId, keepRevision }, ctx) => {
      await fleet.retire(functionId, keepRevision);
      if (blobId === undefined) return;
      await (await fleet.packages()).drop(blobId);
      await ctx.blobs.delete(blobId);
    },
  });
}
