import type { IAMApi, Tag } from "../../api/iam/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import { entityArn, findRole, findUser } from "./entities.ts";
import { findManagedPolicy } from "./managed-policies.ts";
import type { TagRow } from "./state.ts";
import { tagConditions } from "./tags.ts";

type Place = { readonly account: string };
type Conditions = NonNullable<Access["conditions"]>;

interface Details {
  readonly Path?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly PolicyArn?: string | undefined;
  readonly Tags?: Tag[] | undefined;
  readonly TagKeys?: string[] | undefined;
}

/** Stands for the caller, where an operation names no user. */
const itself = "*";

/** Completed by `resolveAccess`: what the input does not tell is the path. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
const onUser = (input: Details & { readonly UserName?: string | undefined }, at: Place): readonly Access[] => [
  {
    resource: `arn:aws:iam::${at.account}:user${input.Path ?? "/"}${input.UserName ?? itself}`,
    conditions: conditions(input),
  },
];
const onRole = (input: Details & { readonly RoleName: string }, at: Place): readonly Access[] => [
  { resource: `arn:aws:iam::${at.account}:role${input.Path ?? "/"}${input.RoleName}`, conditions: conditions(input) },
];
const onPolicy = (input: Details & { readonly PolicyArn: string }): readonly Access[] => [
  { resource: input.PolicyArn, conditions: conditions({ ...input, PolicyArn: undefined }) },
];

function conditions(input: Details): Conditions {
  return {
    ...tagConditions(input.Tags),
    ...(input.TagKeys && { "aws:TagKeys": input.TagKeys }),
    ...(input.PolicyArn !== undefined && { "iam:PolicyARN": input.PolicyArn }),
    ...(input.PermissionsBoundary !== undefined && { "iam:PermissionsBoundary": input.PermissionsBoundary }),
  };
}

/** What each operation touches. */
export const access: NonNullable<ServiceDefinition<IAMApi>["access"]> = {
  AttachRolePolicy: onRole,
  AttachUserPolicy: onUser,
  CreateAccessKey: onUser,
  CreatePolicy: (input, at) => [
    {
      resource: `arn:aws:iam::${at.account}:policy${input.Path ?? "/"}${input.PolicyName}`,
      conditions: tagConditions(input.Tags),
    },
  ],
  CreatePolicyVersion: onPolicy,
  CreateRole: onRole,
  CreateUser: onUser,
  DeleteAccessKey: onUser,
  DeleteLoginProfile: onUser,
  DeletePolicy: onPolicy,
  DeletePolicyVersion: onPolicy,
  DeleteRole: onRole,
  DeleteRolePermissionsBoundary: onRole,
  DeleteRolePolicy: onRole,
  DeleteUser: onUser,
  DeleteUserPermissionsBoundary: onUser,
  DeleteUserPolicy: onUser,
  DetachRolePolicy: onRole,
  DetachUserPolicy: onUser,
  GetLoginProfile: onUser,
  GetPolicy: onPolicy,
  GetPolicyVersion: onPolicy,
  GetRole: onRole,
  GetRolePolicy: onRole,
  GetUser: onUser,
  GetUserPolicy: onUser,
  ListAccessKeys: onUser,
  ListAttachedRolePolicies: onRole,
  ListAttachedUserPolicies: onUser,
  ListEntitiesForPolicy: onPolicy,
  ListGroupsForUser: onUser,
  ListInstanceProfilesForRole: onRole,
  ListMFADevices: onUser,
  ListPolicyTags: onPolicy,
  ListPolicyVersions: onPolicy,
  // The words of AWS's refusal; it is no ARN, so only policies for * allow it.
  ListPolicies: (input) => [{ resource: `policy path ${input.PathPrefix ?? "/"}` }],
  ListRolePolicies: onRole,
  ListRoleTags: onRole,
  ListRoles: (input, at) => [{ resource: `arn:aws:iam::${at.account}:role${input.PathPrefix ?? "/"}` }],
  ListSSHPublicKeys: onUser,
  ListServiceSpecificCredentials: onUser,
  ListSigningCertificates: onUser,
  ListUserPolicies: onUser,
  ListUserTags: onUser,
  ListUsers: (input, at) => [{ resource: `arn:aws:iam::${at.account}:user${input.PathPrefix ?? "/"}` }],
  PutRolePermissionsBoundary: onRole,
  PutRolePolicy: onRole,
  PutUserPermissionsBoundary: onUser,
  PutUserPolicy: onUser,
  SetDefaultPolicyVersion: onPolicy,
  SimulatePrincipalPolicy: (input) => [{ resource: input.PolicySourceArn }],
  TagPolicy: onPolicy,
  TagRole: onRole,
  TagUser: onUser,
  UntagPolicy: onPolicy,
  UntagRole: onRole,
  UntagUser: onUser,
  UpdateAccessKey: onUser,
  UpdateAssumeRolePolicy: onRole,
  UpdateRole: onRole,
  UpdateRoleDescription: onRole,
  UpdateUser: onUser,
};

/** Users, roles and policies are asked for by their full ARN, path included, and with their tags. */
export const resolveAccess: NonNullable<ServiceDefinition<IAMApi>["resolveAccess"]> = async (
  access,
  ctx,
  principal,
) => {
  const parts = /^arn:aws:iam::\d{12}:(user|role|policy)\/(?:.*\/)?([^/]+)$/.exec(access.resource);
  if (!parts) return access;
  const kind = parts[1];
  const name = parts[2] === itself && principal.kind === "user" ? principal.userName : parts[2]!;
  return ctx.read(async (snapshot) => {
    if (kind === "policy") {
      const policy = await findManagedPolicy(snapshot, ctx.account, access.resource);
      return policy ? withTags(access, access.resource, policy.tags) : access;
    }
    const entity = kind === "user" ? await findUser(snapshot, name) : await findRole(snapshot, name);
    return entity ? withTags(access, entityArn(ctx.account, entity), entity.tags) : access;
  });
};

function withTags(access: Access, resource: string, tags: readonly TagRow[]): Access {
  const resourceTags = tags.flatMap(({ key, value }) => [
    [`aws:ResourceTag/${key}`, value],
    [`iam:ResourceTag/${key}`, value],
  ]);
  return { ...access, resource, conditions: { ...access.conditions, ...Object.fromEntries(resourceTags) } };
}
