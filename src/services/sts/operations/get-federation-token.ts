import type { GetFederationTokenRequest, STSApi } from "../../../api/sts/types.ts";
import type { FederatedUserPrincipal } from "../../../kernel/principal.ts";
import type { Access, Handler } from "../../../kernel/service.ts";
import { issueCredentials } from "../issue-credentials.ts";
import { longTermCaller, ownerDuration } from "../long-term-caller.ts";
import { packedSize, readSessionPolicies } from "../session-policies.ts";
import { readSessionTags } from "../session-tags.ts";

/**
 * Temporary credentials for somebody the caller vouches for: they may do what both the caller and the policies given
 * with the request allow, so nothing when none are given.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
export const getFederationToken: Handler<STSApi["GetFederationToken"]> = async (input, ctx) => {
  const caller = longTermCaller(ctx, "GetFederationToken");
  const { account } = caller;
  const policies = await readSessionPolicies(ctx, account, input);
  const { tags } = readSessionTags(input.Tags, undefined, undefined);
  const principal: FederatedUserPrincipal = {
    kind: "federated-user",
    account,
    arn: federatedUserArn(account, input.Name),
    name: input.Name,
    ...(caller.kind === "user" && { issuer: caller }),
    session: { policies: policies.documents, tags, issuedAt: ctx.clock.now() },
  };
  const packed = packedSize(policies, tags);
  return {
    Credentials: await issueCredentials(ctx, principal, ownerDuration(caller, input.DurationSeconds)),
    FederatedUser: { FederatedUserId: `${account}:${input.Name}`, Arn: principal.arn },
    ...(packed !== undefined && { PackedPolicySize: packed }),
  };
};

export function getFederationTokenAccess(
  input: GetFederationTokenRequest,
  at: { readonly account: string },
): readonly Access[] {
  const resource = federatedUserArn(at.account, input.Name);
  return [{ resource }, ...(input.Tags?.length ? [{ resource, action: "sts:TagSession" }] : [])];
}

function federatedUserArn(account: string, name: string): string {
  return `arn:aws:sts::${account}:federated-user/${name}`;
}
