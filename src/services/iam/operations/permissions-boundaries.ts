import { NoSuchEntityException } from "../../../api/iam/errors.ts";
import type { IAMApi } from "../../../api/iam/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { applyBoundary } from "../boundary.ts";
import { requireEntity, type EntityRef } from "../entities.ts";

export const putUserPermissionsBoundary: Handler<IAMApi["PutUserPermissionsBoundary"]> = (input, ctx) =>
  put(ctx, { kind: "user", name: input.UserName }, input.PermissionsBoundary);

export const putRolePermissionsBoundary: Handler<IAMApi["PutRolePermissionsBoundary"]> = (input, ctx) =>
  put(ctx, { kind: "role", name: input.RoleName }, input.PermissionsBoundary);

export const deleteUserPermissionsBoundary: Handler<IAMApi["DeleteUserPermissionsBoundary"]> = (input, ctx) =>
  remove(ctx, { kind: "user", name: input.UserName });

export const deleteRolePermissionsBoundary: Handler<IAMApi["DeleteRolePermissionsBoundary"]> = (input, ctx) =>
  remove(ctx, { kind: "role", name: input.RoleName });

async function put(ctx: RequestContext, ref: EntityRef, policyArn: string): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    await applyBoundary(tx, ctx.account, await requireEntity(tx, ref), policyArn);
  });
  return {};
}

async function remove(ctx: RequestContext, ref: EntityRef): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    if (row.boundary === undefined) {
      const message = `The ${row.kind} with name ${row.name} does not have a permissions boundary.`;
      throw new NoSuchEntityException({ message });
    }
    await applyBoundary(tx, ctx.account, row, undefined);
  });
  return {};
}
