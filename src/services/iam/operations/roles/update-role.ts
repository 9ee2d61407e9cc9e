import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeRole, requireRole } from "../../entities.ts";
import { roles } from "../../state.ts";

export const updateRole: Handler<IAMApi["UpdateRole"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireRole(tx, input.RoleName);
    tx.put(roles, {
      ...row,
      description: input.Description ?? row.description,
      maxSessionDurationSeconds: input.MaxSessionDuration ?? row.maxSessionDurationSeconds,
    });
  });
  return {};
};

/** The older way to change the description, which answers the role. */
export const updateRoleDescription: Handler<IAMApi["UpdateRoleDescription"]> = async (input, ctx) => {
  const changed = await ctx.write(async (tx) => {
    const row = { ...(await requireRole(tx, input.RoleName)), description: input.Description };
    tx.put(roles, row);
    return row;
  });
  return { Role: describeRole(ctx.account, changed, "full") };
};
