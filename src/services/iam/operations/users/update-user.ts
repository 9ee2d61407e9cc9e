import { EntityAlreadyExistsException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireUser } from "../../entities.ts";
import { accessKeys, policyUses, users, type PolicyUseRow } from "../../state.ts";

/** Renames or moves a user; its id, keys and policies stay. */
export const updateUser: Handler<IAMApi["UpdateUser"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireUser(tx, input.UserName);
    const name = input.NewUserName ?? row.name;
    if (name.toLowerCase() !== row.name.toLowerCase() && (await tx.get(users, [name.toLowerCase()]))) {
      throw new EntityAlreadyExistsException({ message: `User with name ${name} already exists.` });
    }
    tx.delete(users, [row.name.toLowerCase()]);
    tx.put(users, { ...row, name, path: input.NewPath ?? row.path });
    if (name === row.name) return;
    for (const id of row.accessKeyIds) {
      const key = await tx.get(accessKeys, [id]);
      if (key) tx.put(accessKeys, { ...key, userName: name });
    }
    const used = (policyArn: string, usage: PolicyUseRow["usage"]) => {
      const use: PolicyUseRow = { policyArn, usage, kind: "user", name };
      tx.delete(policyUses, policyUses.keyOf({ ...use, name: row.name }));
      tx.put(policyUses, use);
    };
    for (const arn of row.attachedPolicies) used(arn, "policy");
    if (row.boundary !== undefined) used(row.boundary, "boundary");
  });
  return {};
};
