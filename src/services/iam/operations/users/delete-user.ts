import { DeleteConflictException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyBoundary } from "../../boundary.ts";
import { requireUser } from "../../entities.ts";
import { users } from "../../state.ts";

export const deleteUser: Handler<IAMApi["DeleteUser"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireUser(tx, input.UserName);
    if (row.accessKeyIds.length > 0) throw conflict("must delete access keys first");
    if (row.attachedPolicies.length > 0) throw conflict("must detach all policies first");
    if (row.inlinePolicies.length > 0) throw conflict("must delete policies first");
    await applyBoundary(tx, ctx.account, row, undefined);
    tx.delete(users, [row.name.toLowerCase()]);
  });
  return {};
};

function conflict(what: string): DeleteConflictException {
  return new DeleteConflictException({ message: `Cannot delete entity, ${what}.` });
}
