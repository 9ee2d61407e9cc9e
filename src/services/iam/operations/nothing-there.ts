import { NoSuchEntityException } from "../../../api/iam/errors.ts";
import type { IAMApi } from "../../../api/iam/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireRole, requireUser } from "../entities.ts";
import { callerName } from "./users/get-user.ts";

// What belongs to users and roles and cannot be made here yet (creating it answers 501), so that there is none of it:
// a true answer, which tools ask for before they delete a user or a role.

export const listInstanceProfilesForRole: Handler<IAMApi["ListInstanceProfilesForRole"]> = async (input, ctx) => {
  await ctx.read((snapshot) => requireRole(snapshot, input.RoleName));
  return { InstanceProfiles: [], IsTruncated: false };
};

export const listInstanceProfiles: Handler<IAMApi["ListInstanceProfiles"]> = () =>
  Promise.resolve({ InstanceProfiles: [], IsTruncated: false });

export const listGroups: Handler<IAMApi["ListGroups"]> = () => Promise.resolve({ Groups: [], IsTruncated: false });

export const listGroupsForUser: Handler<IAMApi["ListGroupsForUser"]> = async (input, ctx) => {
  await ctx.read((snapshot) => requireUser(snapshot, input.UserName));
  return { Groups: [], IsTruncated: false };
};

export const listMFADevices: Handler<IAMApi["ListMFADevices"]> = async (input, ctx) => {
  await checkUser(ctx, input.UserName);
  return { MFADevices: [], IsTruncated: false };
};

export const listVirtualMFADevices: Handler<IAMApi["ListVirtualMFADevices"]> = () =>
  Promise.resolve({ VirtualMFADevices: [], IsTruncated: false });

export const listSSHPublicKeys: Handler<IAMApi["ListSSHPublicKeys"]> = async (input, ctx) => {
  await checkUser(ctx, input.UserName);
  return { SSHPublicKeys: [], IsTruncated: false };
};

export const listServiceSpecificCredentials: Handler<IAMApi["ListServiceSpecificCredentials"]> = async (input, ctx) => {
  if (!input.AllUsers) await checkUser(ctx, input.UserName);
  return { ServiceSpecificCredentials: [], IsTruncated: false };
};

export const listSigningCertificates: Handler<IAMApi["ListSigningCertificates"]> = async (input, ctx) => {
  await checkUser(ctx, input.UserName);
  return { Certificates: [], IsTruncated: false };
};

export const getLoginProfile: Handler<IAMApi["GetLoginProfile"]> = async (input, ctx) =>
  noLoginProfile(await checkUser(ctx, input.UserName));

export const deleteLoginProfile: Handler<IAMApi["DeleteLoginProfile"]> = async (input, ctx) =>
  noLoginProfile(await checkUser(ctx, input.UserName));

function noLoginProfile(name: string): never {
  throw new NoSuchEntityException({ message: `Login Profile for User ${name} cannot be found.` });
}

/** Root, when it names nobody, means itself. */
async function checkUser(ctx: RequestContext, given: string | undefined): Promise<string> {
  if (given === undefined && ctx.principal.kind === "root") return "root";
  const name = given ?? callerName(ctx);
  await ctx.read((snapshot) => requireUser(snapshot, name));
  return name;
}
