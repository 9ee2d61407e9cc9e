import type { IAMApi, Tag } from "../../api/iam/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
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

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
const onUser = (input: Details & { readonly UserName?: string | undefined }, at: Place): readonly Access[] => [
  {
    resource: `arn:aws:iam::${at.account}:user${input.Path ?? "/"}${input.UserName ?? "*"}`,
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
