import { DeleteConflictException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { countUses, requireOwnPolicy } from "../../managed-policies.ts";
import { policies } from "../../state.ts";

export const deletePolicy: Handler<IAMApi["DeletePolicy"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireOwnPolicy(tx, ctx.account, input.PolicyArn);
    const uses = await countUses(tx, input.PolicyArn);
    if (uses.attached + uses.boundary > 0) {
      throw new DeleteConflictException({ message: "Cannot delete a policy attached to entities." });
    }
    if (row.versions.length > 1) {
      const message =
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
      throw new DeleteConflictException({ message });
    }
    tx.delete(policies, [row.name.toLowerCase()]);
  });
  return {};
};
