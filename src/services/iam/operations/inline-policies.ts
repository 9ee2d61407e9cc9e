import { NoSuchEntityException } from "../../../api/iam/errors.ts";
import type { IAMApi } from "../../../api/iam/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { putEntity, requireEntity, type Entity, type EntityRef } from "../entities.ts";
import { compareKeys, takePage, type PageFacts, type PageRequest } from "../pages.ts";
import { checkInlineSize, checkPolicyDocument, encodeDocument } from "../policy-documents.ts";
import type { InlinePolicyRow } from "../state.ts";

export const putUserPolicy: Handler<IAMApi["PutUserPolicy"]> = (input, ctx) =>
  put(ctx, { kind: "user", name: input.UserName }, input.PolicyName, input.PolicyDocument);

export const putRolePolicy: Handler<IAMApi["PutRolePolicy"]> = (input, ctx) =>
  put(ctx, { kind: "role", name: input.RoleName }, input.PolicyName, input.PolicyDocument);

export const getUserPolicy: Handler<IAMApi["GetUserPolicy"]> = async (input, ctx) => ({
  UserName: input.UserName,
  ...(await get(ctx, { kind: "user", name: input.UserName }, input.PolicyName)),
});

export const getRolePolicy: Handler<IAMApi["GetRolePolicy"]> = async (input, ctx) => ({
  RoleName: input.RoleName,
  ...(await get(ctx, { kind: "role", name: input.RoleName }, input.PolicyName)),
});

export const deleteUserPolicy: Handler<IAMApi["DeleteUserPolicy"]> = (input, ctx) =>
  remove(ctx, { kind: "user", name: input.UserName }, input.PolicyName);

export const deleteRolePolicy: Handler<IAMApi["DeleteRolePolicy"]> = (input, ctx) =>
  remove(ctx, { kind: "role", name: input.RoleName }, input.PolicyName);

export const listUserPolicies: Handler<IAMApi["ListUserPolicies"]> = (input, ctx) =>
  list(ctx, { kind: "user", name: input.UserName }, input);

export const listRolePolicies: Handler<IAMApi["ListRolePolicies"]> = (input, ctx) =>
  list(ctx, { kind: "role", name: input.RoleName }, input);

async function put(
  ctx: RequestContext,
  ref: EntityRef,
  name: string,
  document: string,
): Promise<Record<string, never>> {
  checkPolicyDocument(document, "identity");
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    const others = row.inlinePolicies.filter((policy) => policy.name !== name);
    checkInlineSize(row.kind, row.name, [...others.map((policy) => policy.document), document]);
    putEntity(tx, { ...row, inlinePolicies: [...others, { name, document }] });
  });
  return {};
}

async function get(
  ctx: RequestContext,
  ref: EntityRef,
  name: string,
): Promise<{ PolicyName: string; PolicyDocument: string }> {
  return ctx.read(async (snapshot) => {
    const { document } = requireInline(await requireEntity(snapshot, ref), name);
    return { PolicyName: name, PolicyDocument: encodeDocument(document) };
  });
}

async function remove(ctx: RequestContext, ref: EntityRef, name: string): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    const removed = requireInline(row, name);
    putEntity(tx, { ...row, inlinePolicies: row.inlinePolicies.filter((policy) => policy !== removed) });
  });
  return {};
}

async function list(
  ctx: RequestContext,
  ref: EntityRef,
  request: PageRequest,
): Promise<{ PolicyNames: string[] } & PageFacts> {
  return ctx.read(async (snapshot) => {
    const row = await requireEntity(snapshot, ref);
    const names = row.inlinePolicies.map(({ name }) => name).toSorted(compareKeys);
    const { items, page } = await takePage(names, (name) => name, request);
    return { PolicyNames: items, ...page };
  });
}

function requireInline(row: Entity, name: string): InlinePolicyRow {
  const policy = row.inlinePolicies.find((each) => each.name === name);
  if (policy) return policy;
  throw new NoSuchEntityException({ message: `The ${row.kind} policy with name ${name} cannot be found.` });
}
