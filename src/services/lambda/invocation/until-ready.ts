import { ResourceConflictException } from "../../../api/lambda/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import { findVersion, functionArn, functionNotFound, versionOf } from "../functions/function-name.ts";
import { watchFunction } from "../functions/watch-function.ts";
import { functions, type FunctionRow } from "../state.ts";

/** How long an invocation waits for a function that was made a moment ago. */
const readyWithinMs = 10_000;

/** Waits for the package to be unpacked; on AWS the caller would have to ask again. */
export async function untilReady(row: FunctionRow, ctx: ServiceContext): Promise<FunctionRow> {
  const look = () =>
    ctx.read(async (snapshot) => {
      const latest = await snapshot.get(functions, [row.name]);
      return latest && findVersion(snapshot, latest, versionOf(row));
    });
  const current = await watchFunction(row, ctx, readyWithinMs, look, (seen) => seen?.state !== "Pending");
  if (!current) throw functionNotFound(functionArn(ctx, row.name, row.version?.toString()));
  if (current.state !== "Active") throw notReady(current);
  return current;
}

function notReady({ state, stateReason }: FunctionRow): ResourceConflictException {
  return new ResourceConflictException({
    Type: "User",
    message:
      `The operation cannot be performed at this time. The function is currently in the following state: ${state}` +
      (stateReason === undefined ? "" : ` (${stateReason})`),
  });
}
