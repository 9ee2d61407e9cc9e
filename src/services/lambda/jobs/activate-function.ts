import { job, type Job } from "../../../kernel/jobs.ts";
import { PackageError } from "../functions/package-folders.ts";
import type { Fleet } from "../invocation/fleet.ts";
import { functions, versions, type FunctionRow } from "../state.ts";

export interface ActivateFunctionPayload {
  readonly name: string;
  readonly revisionId: string;
  /** Number of the version that was published with the change. */
  readonly version?: number;
}

/** Unpacks what was uploaded and lets the function run, or says why it cannot. */
export function activateFunction(fleet: Fleet): Job<ActivateFunctionPayload> {
  return job({
    name: "activate-function",
    run: async ({ name, revisionId, version }, ctx) => {
      const row = await ctx.read((snapshot) => snapshot.get(functions, [name]));
      if (row?.revisionId !== revisionId) return;
      let broken: string | undefined;
      try {
        await fleet.unpack(row, ctx.blobs);
      } catch (error) {
        if (!(error instanceof PackageError)) throw error;
        broken = error.message;
      }
      await ctx.complete(async (tx) => {
        const published = version === undefined ? undefined : await tx.get(versions, [name, version]);
        if (published?.state === "Pending") tx.put(versions, settled(published, broken));
        const current = await tx.get(functions, [name]);
        if (current?.revisionId === revisionId) tx.put(functions, settled(current, broken));
      });
      await fleet.retire(row.id, revisionId);
    },
  });
}

/** A function that never ran has failed; one that was changed keeps its state. */
function settled(row: FunctionRow, broken: string | undefined): FunctionRow {
  const { stateReason: _, lastUpdateStatusReason: __, ...rest } = row;
  if (broken === undefined) return { ...rest, state: "Active", lastUpdateStatus: "Successful" };
  return {
    ...rest,
    ...(row.state === "Pending" && { state: "Failed" as const, stateReason: broken }),
    lastUpdateStatus: "Failed",
    lastUpdateStatusReason: broken,
  };
}
