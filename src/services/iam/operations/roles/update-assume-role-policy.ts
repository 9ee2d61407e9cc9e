import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireRole } from "../../entities.ts";
import { checkPolicyDocument, checkPolicySize } from "../../policy-documents.ts";
import { roles } from "../../state.ts";
import { maximumTrustPolicySize } from "./create-role.ts";

export const updateAssumeRolePolicy: Handler<IAMApi["UpdateAssumeRolePolicy"]> = async (input, ctx) => {
  checkPolicyDocument(input.PolicyDocument, "trust");
  checkPolicySize(input.PolicyDocument, maximumTrustPolicySize, "ACLSizePerRole");
  await ctx.write(async (tx) => {
    tx.put(roles, { ...(await requireRole(tx, input.RoleName)), trustPolicy: input.PolicyDocument });
  });
  return {};
};
