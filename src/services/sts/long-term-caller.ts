import type { RequestContext } from "../../kernel/context.ts";
import type { RootPrincipal, UserPrincipal } from "../../kernel/principal.ts";
import { accessDenied } from "./refusals.ts";

const hour = 3600;
const defaultDuration = 12 * hour;

/** Root or a user by its own key: sessions cannot be made from sessions. */
export function longTermCaller(ctx: RequestContext, operation: string): RootPrincipal | UserPrincipal {
  const { principal, accessKeyId } = ctx;
  const temporary = accessKeyId?.startsWith("ASIA") ?? false;
  if (principal.kind === "root" && !temporary) return principal;
  if (principal.kind === "user" && !principal.session) return principal;
  throw accessDenied(`Cannot call ${operation} with session credentials`);
}

/** Seconds. Sessions of an account's root last an hour at most, whatever is asked for. */
export function ownerDuration(caller: RootPrincipal | UserPrincipal, asked: number | undefined): number {
  const duration = asked ?? defaultDuration;
  return caller.kind === "root" ? Math.min(duration, hour) : duration;
}
