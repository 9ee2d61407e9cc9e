import { EntityAlreadyExistsException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyBoundary } from "../../boundary.ts";
import { describeRole } from "../../entities.ts";
import { checkPolicyDocument, checkPolicySize } from "../../policy-documents.ts";
import { roles, type RoleRow } from "../../state.ts";
import { readTags } from "../../tags.ts";

/** Characters of a trust policy: AWS starts at 2,048 and raises the quota up to this on request. */
export const maximumTrustPolicySize = 4096;

export const createRole: Handler<IAMApi["CreateRole"]> = async (input, ctx) => {
  checkPolicyDocument(input.AssumeRolePolicyDocument, "trust");
  checkPolicySize(input.AssumeRolePolicyDocument, maximumTrustPolicySize, "ACLSizePerRole");
  const row: RoleRow = {
    kind: "role",
    name: input.RoleName,
    path: input.Path ?? "/",
    id: `AROA${ctx.ids.base32(17)}`,
    createdAt: ctx.clock.now(),
    tags: readTags(input.Tags),
    inlinePolicies: [],
    attachedPolicies: [],
    trustPolicy: input.AssumeRolePolicyDocument,
    description: input.Description ?? "",
    maxSessionDurationSeconds: input.MaxSessionDuration ?? 3600,
  };
  const created = await ctx.write(async (tx) => {
    if (await tx.get(roles, [row.name.toLowerCase()])) {
      throw new EntityAlreadyExistsException({ message: `Role with name ${row.name} already exists.` });
    }
    return applyBoundary(tx, ctx.account, row, input.PermissionsBoundary);
  });
  return { Role: describeRole(ctx.account, created, "full") };
};
