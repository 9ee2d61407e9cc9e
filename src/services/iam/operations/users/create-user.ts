import { EntityAlreadyExistsException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyBoundary } from "../../boundary.ts";
import { describeUser } from "../../entities.ts";
import { users, type UserRow } from "../../state.ts";
import { readTags } from "../../tags.ts";

export const createUser: Handler<IAMApi["CreateUser"]> = async (input, ctx) => {
  const row: UserRow = {
    kind: "user",
    name: input.UserName,
    path: input.Path ?? "/",
    id: `AIDA${ctx.ids.base32(17)}`,
    createdAt: ctx.clock.now(),
    tags: readTags(input.Tags),
    inlinePolicies: [],
    attachedPolicies: [],
    accessKeyIds: [],
  };
  const created = await ctx.write(async (tx) => {
    if (await tx.get(users, [row.name.toLowerCase()])) {
      throw new EntityAlreadyExistsException({ message: `User with name ${row.name} already exists.` });
    }
    return applyBoundary(tx, ctx.account, row, input.PermissionsBoundary);
  });
  return { User: describeUser(ctx.account, created, "full") };
};
