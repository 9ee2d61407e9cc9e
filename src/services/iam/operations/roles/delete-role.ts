import { DeleteConflictException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyBoundary } from "../../boundary.ts";
import { requireRole } from "../../entities.ts";
import { roles } from "../../state.ts";

export const deleteRole: Handler<IAMApi["DeleteRole"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireRole(tx, input.RoleName);
    if (row.attachedPolicies.length > 0) {
      throw new DeleteConflictException({ message: "Cannot delete entity, must detach all policies first." });
    }
    if (row.inlinePolicies.length > 0) {
      throw new DeleteConflictException({ message: "Cannot delete entity, must delete policies first." });
    }
    await applyBoundary(tx, ctx.account, row, undefined);
    tx.delete(roles, [row.name.toLowerCase()]);
  });
  return {};
};
