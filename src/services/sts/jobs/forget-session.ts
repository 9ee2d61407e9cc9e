import type { EpochMs } from "../../../base/clock.ts";
import { job } from "../../../kernel/jobs.ts";
import { sessions } from "../state.ts";

const day = 24 * 3600_000;

/**
 * When a session is deleted: a day after it expired, so that a client that uses it late is told "expired" rather than
 * "unknown". That it has expired is decided by the clock alone.
 */
export function forgetAt(expiresAt: EpochMs): EpochMs {
  return expiresAt + day;
}

export const forgetSession = job<{ readonly accessKeyId: string }>({
  name: "forget-session",
  run: async ({ accessKeyId }, ctx) => {
    await ctx.complete(async (tx) => {
      tx.delete(sessions, [accessKeyId]);
    });
  },
});
