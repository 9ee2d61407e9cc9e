import type { AssumeRoleRequest, STSApi } from "../../../api/sts/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { AssumedRolePrincipal } from "../../../kernel/principal.ts";
import type { Access, Handler } from "../../../kernel/service.ts";
import { issueCredentials } from "../issue-credentials.ts";
import { accessDenied, notImplemented, refuseMfa, validationError } from "../refusals.ts";
import { findRole, parseRoleArn } from "../role.ts";
import { packedSize, readSessionPolicies } from "../session-policies.ts";
import { readSessionTags } from "../session-tags.ts";

const hour = 3600;

/**
 * Gives temporary credentials of a role. Whether the caller may is decided before, from the role's trust policy and the
 * caller's own policies.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const assumeRole: Handler<STSApi["AssumeRole"]> = async (input, ctx) => {
  if (input.ProvidedContexts?.length) throw notImplemented("ProvidedContexts of AssumeRole");
  refuseMfa(input);
  const role = await findRole(ctx, input.RoleArn);
  // It was there a moment ago, when its trust policy was read.
  if (!role) throw accessDenied(`Not authorized to perform sts:AssumeRole on ${input.RoleArn}`);
  const { account } = parseRoleArn(input.RoleArn);
  const from = "session" in ctx.principal ? ctx.principal.session : undefined;
  const duration = checkDuration(input, ctx, role.MaxSessionDuration ?? hour);
  const policies = await readSessionPolicies(ctx, account, input);
  const { tags, transitive } = readSessionTags(input.Tags, input.TransitiveTagKeys, from);
  const sourceIdentity = from?.sourceIdentity ?? input.SourceIdentity;
  if (input.SourceIdentity !== undefined && input.SourceIdentity !== sourceIdentity) {
    throw accessDenied("The source identity of a session cannot be changed.");
  }
  const principal: AssumedRolePrincipal = {
    kind: "assumed-role",
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.RoleName}/${input.RoleSessionName}`,
    roleArn: role.Arn,
    roleName: role.RoleName,
    roleId: role.RoleId,
    sessionName: input.RoleSessionName,
    session: {
      policies: policies.documents,
      tags,
      ...(transitive.length > 0 && { transitiveTagKeys: transitive }),
      issuedAt: ctx.clock.now(),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
    },
  };
  const packed = packedSize(policies, tags);
  return {
    Credentials: await issueCredentials(ctx, principal, duration),
    AssumedRoleUser: { AssumedRoleId: `${role.RoleId}:${input.RoleSessionName}`, Arn: principal.arn },
    ...(packed !== undefined && { PackedPolicySize: packed }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
};

/** The trust policy must allow each of these on the role, and across accounts the caller's policies as well. */
export function assumeRoleAccess(input: AssumeRoleRequest): readonly Access[] {
  parseRoleArn(input.RoleArn);
  const resource = input.RoleArn;
  const conditions = {
    "sts:RoleSessionName": input.RoleSessionName,
    ...(input.ExternalId !== undefined && { "sts:ExternalId": input.ExternalId }),
    ...(input.SourceIdentity !== undefined && { "sts:SourceIdentity": input.SourceIdentity }),
    ...(input.TransitiveTagKeys && { "sts:TransitiveTagKeys": input.TransitiveTagKeys }),
    ...(input.Tags && {
      ...Object.fromEntries(input.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
      "aws:TagKeys": input.Tags.map(({ Key }) => Key),
    }),
  };
  return [
    { resource, conditions },
    ...(input.Tags?.length ? [{ resource, conditions, action: "sts:TagSession" }] : []),
    ...(input.SourceIdentity === undefined ? [] : [{ resource, conditions, action: "sts:SetSourceIdentity" }]),
  ];
}

function checkDuration(input: AssumeRoleRequest, ctx: RequestContext, longest: number): number {
  const duration = input.DurationSeconds ?? hour;
  if (ctx.principal.kind === "assumed-role" && duration > hour) {
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  if (duration > longest) {
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return duration;
}
