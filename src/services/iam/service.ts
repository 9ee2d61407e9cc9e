import type { IAMApi } from "../../api/iam/types.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { access, resolveAccess } from "./access.ts";
import { createAccessKey } from "./operations/access-keys/create-access-key.ts";
import { deleteAccessKey } from "./operations/access-keys/delete-access-key.ts";
import { getAccessKeyLastUsed } from "./operations/access-keys/get-access-key-last-used.ts";
import { listAccessKeys } from "./operations/access-keys/list-access-keys.ts";
import { updateAccessKey } from "./operations/access-keys/update-access-key.ts";
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from "./operations/account-aliases.ts";
import {
  attachRolePolicy,
  attachUserPolicy,
  detachRolePolicy,
  detachUserPolicy,
  listAttachedRolePolicies,
  listAttachedUserPolicies,
} from "./operations/attached-policies.ts";
import {
  deleteRolePolicy,
  deleteUserPolicy,
  getRolePolicy,
  getUserPolicy,
  listRolePolicies,
  listUserPolicies,
  putRolePolicy,
  putUserPolicy,
} from "./operations/inline-policies.ts";
import {
  deleteLoginProfile,
  getLoginProfile,
  listGroups,
  listGroupsForUser,
  listInstanceProfiles,
  listInstanceProfilesForRole,
  listMFADevices,
  listSSHPublicKeys,
  listServiceSpecificCredentials,
  listSigningCertificates,
  listVirtualMFADevices,
} from "./operations/nothing-there.ts";
import {
  deleteRolePermissionsBoundary,
  deleteUserPermissionsBoundary,
  putRolePermissionsBoundary,
  putUserPermissionsBoundary,
} from "./operations/permissions-boundaries.ts";
import { createPolicy } from "./operations/policies/create-policy.ts";
import { deletePolicy } from "./operations/policies/delete-policy.ts";
import { getPolicy } from "./operations/policies/get-policy.ts";
import { listEntitiesForPolicy } from "./operations/policies/list-entities-for-policy.ts";
import { listPolicies } from "./operations/policies/list-policies.ts";
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from "./operations/policies/policy-versions.ts";
import { simulateCustomPolicy, simulatePrincipalPolicy } from "./operations/policies/simulate-policy.ts";
import { createRole } from "./operations/roles/create-role.ts";
import { deleteRole } from "./operations/roles/delete-role.ts";
import { getRole } from "./operations/roles/get-role.ts";
import { listRoles } from "./operations/roles/list-roles.ts";
import { updateAssumeRolePolicy } from "./operations/roles/update-assume-role-policy.ts";
import { updateRole, updateRoleDescription } from "./operations/roles/update-role.ts";
import {
  listPolicyTags,
  listRoleTags,
  listUserTags,
  tagPolicy,
  tagRole,
  tagUser,
  untagPolicy,
  untagRole,
  untagUser,
} from "./operations/tags.ts";
import { createUser } from "./operations/users/create-user.ts";
import { deleteUser } from "./operations/users/delete-user.ts";
import { getUser } from "./operations/users/get-user.ts";
import { listUsers } from "./operations/users/list-users.ts";
import { updateUser } from "./operations/users/update-user.ts";

/** AWS Identity and Access Management. One state for all regions. */
export const iamService: ServiceDefinition<IAMApi> = {
  name: "iam",
  iamPrefix: "iam",
  scope: "global",
  operations: {
    AttachRolePolicy: attachRolePolicy,
    AttachUserPolicy: attachUserPolicy,
    CreateAccessKey: createAccessKey,
    CreateAccountAlias: createAccountAlias,
    CreatePolicy: createPolicy,
    CreatePolicyVersion: createPolicyVersion,
    CreateRole: createRole,
    CreateUser: createUser,
    DeleteAccessKey: deleteAccessKey,
    DeleteAccountAlias: deleteAccountAlias,
    DeleteLoginProfile: deleteLoginProfile,
    DeletePolicy: deletePolicy,
    DeletePolicyVersion: deletePolicyVersion,
    DeleteRole: deleteRole,
    DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
    DeleteRolePolicy: deleteRolePolicy,
    DeleteUser: deleteUser,
    DeleteUserPermissionsBoundary: deleteUserPermissionsBoundary,
    DeleteUserPolicy: deleteUserPolicy,
    DetachRolePolicy: detachRolePolicy,
    DetachUserPolicy: detachUserPolicy,
    GetAccessKeyLastUsed: getAccessKeyLastUsed,
    GetLoginProfile: getLoginProfile,
    GetPolicy: getPolicy,
    GetPolicyVersion: getPolicyVersion,
    GetRole: getRole,
    GetRolePolicy: getRolePolicy,
    GetUser: getUser,
    GetUserPolicy: getUserPolicy,
    ListAccessKeys: listAccessKeys,
    ListAccountAliases: listAccountAliases,
    ListAttachedRolePolicies: listAttachedRolePolicies,
    ListAttachedUserPolicies: listAttachedUserPolicies,
    ListEntitiesForPolicy: listEntitiesForPolicy,
    ListGroups: listGroups,
    ListGroupsForUser: listGroupsForUser,
    ListInstanceProfiles: listInstanceProfiles,
    ListInstanceProfilesForRole: listInstanceProfilesForRole,
    ListMFADevices: listMFADevices,
    ListPolicies: listPolicies,
    ListPolicyTags: listPolicyTags,
    ListPolicyVersions: listPolicyVersions,
    ListRolePolicies: listRolePolicies,
    ListRoleTags: listRoleTags,
    ListRoles: listRoles,
    ListSSHPublicKeys: listSSHPublicKeys,
    ListServiceSpecificCredentials: listServiceSpecificCredentials,
    ListSigningCertificates: listSigningCertificates,
    ListUserPolicies: listUserPolicies,
    ListUserTags: listUserTags,
    ListUsers: listUsers,
    ListVirtualMFADevices: listVirtualMFADevices,
    PutRolePermissionsBoundary: putRolePermissionsBoundary,
    PutRolePolicy: putRolePolicy,
    PutUserPermissionsBoundary: putUserPermissionsBoundary,
    PutUserPolicy: putUserPolicy,
    SetDefaultPolicyVersion: setDefaultPolicyVersion,
    SimulateCustomPolicy: simulateCustomPolicy,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
    TagPolicy: tagPolicy,
    TagRole: tagRole,
    TagUser: tagUser,
    UntagPolicy: untagPolicy,
    UntagRole: untagRole,
    UntagUser: untagUser,
    UpdateAccessKey: updateAccessKey,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
    UpdateRole: updateRole,
    UpdateRoleDescription: updateRoleDescription,
    UpdateUser: updateUser,
  },
  access,
  resolveAccess,
};
