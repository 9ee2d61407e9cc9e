import { ResourceConflictException } from "../../../api/lambda/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import { findVersion, functionArn, functionNotFound, versionOf } from "../functions/function-name.ts";
import { functions, versions, type FunctionRow } from "../state.ts";

/** How long an invocation waits for a function that was made a moment ago. */
const readyWithinMs = 10_000;

/** Waits for the package to be unpacked; on AWS the caller would have to ask again. */
export async function untilReady(row: FunctionRow, ctx: ServiceContext): Promise<FunctionRow> {
  let changed = () => {};
  const stop = ctx.watch(
    row.version === undefined ? functions : versions,
    row.version === undefined ? [row.name] : [row.name, row.version],
    () => changed(),
  );
  const giveUpAt = ctx.clock.now() + readyWithinMs;
  const deadline = new AbortController();
  try {
    for (;;) {
      const next = new Promise<void>((resolve) => (changed = resolve));
      const current = await ctx.read(async (snapshot) => {
        const latest = await snapshot.get(functions, [row.name]);
        return latest && findVersion(snapshot, latest, versionOf(row));
      });
      if (!current) throw functionNotFound(functionArn(ctx, row.name, row.version?.toString()));
      if (current.state === "Active") return current;
      if (current.state !== "Pending" || ctx.clock.now() >= giveUpAt) throw notReady(current);
      await Promise.race([next, ctx.clock.until(giveUpAt, deadline.signal).catch(() => {})]);
    }
  } finally {
    deadline.abort();
    stop();
  }
}

function notReady({ state, stateReason }: FunctionRow): ResourceConflictException {
  return new ResourceConflictException({
    Type: "User",
    message:
      `The operation cannot be performed at this time. The function is currently in the following state: ${state}` +
      (stateReason === undefined ? "" : ` (${stateReason})`),
  });
}
