import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeRole } from "../../entities.ts";
import { listByPath, takePage } from "../../pages.ts";
import { roles } from "../../state.ts";

export const listRoles: Handler<IAMApi["ListRoles"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const { items, page } = await takePage(listByPath(snapshot, roles, input), (row) => row.name.toLowerCase(), input);
    return { Roles: items.map((row) => describeRole(ctx.account, row, "listed")), ...page };
  });
