import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeRole, requireRole } from "../../entities.ts";

export const getRole: Handler<IAMApi["GetRole"]> = (input, ctx) =>
  ctx.read(async (snapshot) => ({
    // Uses are not recorded; AWS answers the same for a role never used.
    Role: { ...describeRole(ctx.account, await requireRole(snapshot, input.RoleName), "full"), RoleLastUsed: {} },
  }));
