import type { STSApi } from "../../../api/sts/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { issueCredentials } from "../issue-credentials.ts";
import { longTermCaller, ownerDuration } from "../long-term-caller.ts";
import { refuseMfa } from "../refusals.ts";

/**
 * Temporary credentials for the caller itself. Needs no permission.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const getSessionToken: Handler<STSApi["GetSessionToken"]> = async (input, ctx) => {
  const caller = longTermCaller(ctx, "GetSessionToken");
  refuseMfa(input);
  const principal =
    caller.kind === "root"
      ? caller
      : { ...caller, session: { policies: [], tags: {}, issuedAt: ctx.clock.now(), mfa: false } };
  return { Credentials: await issueCredentials(ctx, principal, ownerDuration(caller, input.DurationSeconds)) };
};
