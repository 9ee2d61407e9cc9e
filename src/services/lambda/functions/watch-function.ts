import type { ServiceContext } from "../../../kernel/context.ts";
import { functions, versions, type FunctionRow } from "../state.ts";
import { requireTarget, type FunctionTarget } from "./function-name.ts";

/** Looks again after each change of a function or version until what is seen is `done`, at most so long; answers the last look. */
export async function watchFunction<Seen>(
  row: FunctionRow,
  ctx: ServiceContext,
  withinMs: number,
  look: () => Promise<Seen>,
  done: (seen: Seen) => boolean,
): Promise<Seen> {
  let changed = () => {};
  const stop = ctx.watch(
    row.version === undefined ? functions : versions,
    row.version === undefined ? [row.name] : [row.name, row.version],
    () => changed(),
  );
  const giveUpAt = ctx.clock.now() + withinMs;
  const deadline = new AbortController();
  try {
    for (;;) {
      const next = new Promise<void>((resolve) => (changed = resolve));
      const seen = await look();
      if (done(seen) || ctx.clock.now() >= giveUpAt) return seen;
      await Promise.race([next, ctx.clock.until(giveUpAt, deadline.signal).catch(() => {})]);
    }
  } finally {
    deadline.abort();
    stop();
  }
}

/** Unpacking a package takes milliseconds, a very large one seconds. */
const settledWithinMs = 1000;

/**
 * The function that a client asks about. While it is being made or changed the answer waits a moment for the end of that:
 * clients that hear of a change under way ask again after a second or five only, as the waiters of the SDKs and the CLI do.
 */
export async function requireSettledTarget(
  ctx: ServiceContext,
  functionName: string,
  qualifier: string | undefined,
): Promise<FunctionTarget> {
  const look = () => ctx.read((snapshot) => requireTarget(snapshot, ctx, functionName, qualifier));
  const target = await look();
  if (isSettled(target)) return target;
  return watchFunction(target.row, ctx, settledWithinMs, look, isSettled);
}

function isSettled({ row }: FunctionTarget): boolean {
  return row.state !== "Pending" && row.lastUpdateStatus !== "InProgress";
}
