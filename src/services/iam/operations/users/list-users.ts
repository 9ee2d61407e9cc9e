import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeUser } from "../../entities.ts";
import { listByPath, takePage } from "../../pages.ts";
import { users } from "../../state.ts";

export const listUsers: Handler<IAMApi["ListUsers"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const { items, page } = await takePage(listByPath(snapshot, users, input), (row) => row.name.toLowerCase(), input);
    return { Users: items.map((row) => describeUser(ctx.account, row, "listed")), ...page };
  });
