import type { Credentials } from "../../api/sts/types.ts";
import { toBase64 } from "../../base/bytes.ts";
import { newAccessKeyId } from "../../kernel/access-key-id.ts";
import type { ServiceContext } from "../../kernel/context.ts";
import type { Principal } from "../../kernel/principal.ts";
import { forgetAt, forgetSession } from "./jobs/forget-session.ts";
import { sessions, type SessionRow } from "./state.ts";

/** Makes temporary credentials that stand for `principal`, and stores them. */
export async function issueCredentials(
  ctx: ServiceContext,
  principal: Principal & { readonly account: string },
  durationSeconds: number,
): Promise<Credentials> {
  const row: SessionRow = {
    accessKeyId: newAccessKeyId("ASIA", principal.account, ctx.ids),
    secretAccessKey: toBase64(ctx.ids.bytes(30)),
    sessionToken: toBase64(ctx.ids.bytes(240)),
    // AWS counts in whole seconds.
    expiresAt: (Math.floor(ctx.clock.now() / 1000) + durationSeconds) * 1000,
    principal,
  };
  await ctx.write(async (tx) => {
    tx.put(sessions, row);
    tx.schedule(forgetSession, { accessKeyId: row.accessKeyId }, { at: forgetAt(row.expiresAt) });
  });
  return {
    AccessKeyId: row.accessKeyId,
    SecretAccessKey: row.secretAccessKey,
    SessionToken: row.sessionToken,
    Expiration: new Date(row.expiresAt),
  };
}
