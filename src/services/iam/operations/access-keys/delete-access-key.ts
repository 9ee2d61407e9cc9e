import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireUser } from "../../entities.ts";
import { accessKeys, users } from "../../state.ts";
import { callerName } from "../users/get-user.ts";
import { requireAccessKey } from "./update-access-key.ts";

export const deleteAccessKey: Handler<IAMApi["DeleteAccessKey"]> = async (input, ctx) => {
  const deletedAt = ctx.clock.now();
  await ctx.write(async (tx) => {
    const user = await requireUser(tx, input.UserName ?? callerName(ctx));
    const row = await requireAccessKey(tx, user.name, input.AccessKeyId);
    tx.put(accessKeys, { ...row, secretAccessKey: "", status: "Inactive", deletedAt });
    tx.put(users, { ...user, accessKeyIds: user.accessKeyIds.filter((id) => id !== row.accessKeyId) });
  });
  return {};
};
