import { DeleteConflictException, LimitExceededException, NoSuchEntityException } from "../../../../api/iam/errors.ts";
import type { IAMApi, PolicyVersion } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireManagedPolicy, requireOwnPolicy } from "../../managed-policies.ts";
import { takePage } from "../../pages.ts";
import { checkPolicyDocument, checkPolicySize, encodeDocument } from "../../policy-documents.ts";
import { policies, type PolicyRow, type PolicyVersionRow } from "../../state.ts";
import { maximumManagedPolicySize } from "./create-policy.ts";

const maximumVersions = 5;

export const createPolicyVersion: Handler<IAMApi["CreatePolicyVersion"]> = async (input, ctx) => {
  checkPolicyDocument(input.PolicyDocument, "identity");
  checkPolicySize(input.PolicyDocument, maximumManagedPolicySize, "PolicySize");
  const createdAt = ctx.clock.now();
  return ctx.write(async (tx) => {
    const row = await requireOwnPolicy(tx, ctx.account, input.PolicyArn);
    if (row.versions.length >= maximumVersions) {
      const message = `A managed policy can have up to ${maximumVersions} versions. Before you create a new version, you must delete an existing version.`;
      throw new LimitExceededException({ message });
    }
    const version: PolicyVersionRow = { number: row.nextVersion, document: input.PolicyDocument, createdAt };
    const changed: PolicyRow = {
      ...row,
      updatedAt: createdAt,
      nextVersion: row.nextVersion + 1,
      defaultVersion: input.SetAsDefault ? version.number : row.defaultVersion,
      versions: [...row.versions, version],
    };
    tx.put(policies, changed);
    return { PolicyVersion: describeVersion(changed, version) };
  });
};

export const getPolicyVersion: Handler<IAMApi["GetPolicyVersion"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const row = await requireManagedPolicy(snapshot, ctx.account, input.PolicyArn);
    const version = requireVersion(row, input.PolicyArn, input.VersionId);
    return { PolicyVersion: { Document: encodeDocument(version.document), ...describeVersion(row, version) } };
  });

/** The newest first. */
export const listPolicyVersions: Handler<IAMApi["ListPolicyVersions"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const row = await requireManagedPolicy(snapshot, ctx.account, input.PolicyArn);
    const order = (version: PolicyVersionRow) => String(1_000_000_000 - version.number);
    const { items, page } = await takePage(row.versions.toReversed(), order, input);
    return { Versions: items.map((version) => describeVersion(row, version)), ...page };
  });

export const setDefaultPolicyVersion: Handler<IAMApi["SetDefaultPolicyVersion"]> = async (input, ctx) => {
  const updatedAt = ctx.clock.now();
  await ctx.write(async (tx) => {
    const row = await requireOwnPolicy(tx, ctx.account, input.PolicyArn);
    const { number } = requireVersion(row, input.PolicyArn, input.VersionId);
    tx.put(policies, { ...row, updatedAt, defaultVersion: number });
  });
  return {};
};

export const deletePolicyVersion: Handler<IAMApi["DeletePolicyVersion"]> = async (input, ctx) => {
  const updatedAt = ctx.clock.now();
  await ctx.write(async (tx) => {
    const row = await requireOwnPolicy(tx, ctx.account, input.PolicyArn);
    const version = requireVersion(row, input.PolicyArn, input.VersionId);
    if (version.number === row.defaultVersion) {
      throw new DeleteConflictException({ message: "Cannot delete the default version of a policy." });
    }
    tx.put(policies, { ...row, updatedAt, versions: row.versions.filter(({ number }) => number !== version.number) });
  });
  return {};
};

function requireVersion(row: PolicyRow, arn: string, versionId: string): PolicyVersionRow {
  const version = row.versions.find(({ number }) => `v${number}` === versionId);
  if (version) return version;
  throw new NoSuchEntityException({
    message: `Policy ${arn} version ${versionId} does not exist or is not attachable.`,
  });
}

function describeVersion(row: PolicyRow, version: PolicyVersionRow): PolicyVersion {
  return {
    VersionId: `v${version.number}`,
    IsDefaultVersion: version.number === row.defaultVersion,
    CreateDate: new Date(version.createdAt),
  };
}
