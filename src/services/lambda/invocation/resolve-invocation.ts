import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { chooseVersion } from "../functions/alias.ts";
import { requireTarget, type FunctionTarget } from "../functions/function-name.ts";
import { reservations, type FunctionRow } from "../state.ts";
import type { ConcurrencyShare } from "./fleet.ts";

export interface ResolvedInvocation {
  readonly target: FunctionTarget;
  /** The version that runs. */
  readonly row: FunctionRow;
  readonly share: ConcurrencyShare;
}

/** What one invocation runs, and how many of its kind may run at once. @throws {ResourceNotFoundException} */
export async function resolveInvocation(
  snapshot: Snapshot,
  ctx: ServiceContext,
  functionName: string,
  qualifier: string | undefined,
): Promise<ResolvedInvocation> {
  const target = await requireTarget(snapshot, ctx, functionName, qualifier);
  const row = target.alias?.routing ? await chooseVersion(snapshot, target, ctx.ids) : target.row;
  const reserved = target.latest.reservedConcurrency;
  if (reserved !== undefined) return { target, row, share: { reserved } };
  const others = (await snapshot.get(reservations, ["all"]))?.total ?? 0;
  return { target, row, share: { reservedByOthers: others } };
}
