import { job, type Job } from "../../../kernel/jobs.ts";
import { PackageError } from "../functions/package-folders.ts";
import type { Fleet } from "../invocation/fleet.ts";
import { functions } from "../state.ts";

export interface ActivateFunctionPayload {
  readonly name: string;
  readonly revisionId: string;
}

/** Unpacks what was uploaded and lets the function run, or says why it cannot. */
export function activateFunction(fleet: Fleet): Job<ActivateFunctionPayload> {
  return job({
    name: "activate-function",
    run: async ({ name, revisionId }, ctx) => {
      const row = await ctx.read((snapshot) => snapshot.get(functions, [name]));
      if (row?.revisionId !== revisionId) return;
      let broken: string | undefined;
      try {
        const packages = await fleet.packages();
        await packages.open(row.code.blobId, () => ctx.blobs.path(row.code.blobId));
      } catch (error) {
        if (!(error instanceof PackageError)) throw error;
        broken = error.message;
      }
      await ctx.complete(async (tx) => {
        const current = await tx.get(functions, [name]);
        if (current?.revisionId !== revisionId) return;
        const { stateReason: _, lastUpdateStatusReason: __, ...rest } = current;
        const creating = current.state === "Pending";
        if (broken === undefined) tx.put(functions, { ...rest, state: "Active", lastUpdateStatus: "Successful" });
        else if (creating) {
          tx.put(functions, {
            ...rest,
            state: "Failed",
            stateReason: broken,
            lastUpdateStatus: "Failed",
            lastUpdateStatusReason: broken,
          });
        } else tx.put(functions, { ...rest, lastUpdateStatus: "Failed", lastUpdateStatusReason: broken });
      });
      await fleet.retire(row.id, revisionId);
    },
  });
}
