import { LimitExceededException, NoSuchEntityException } from "../../../api/iam/errors.ts";
import type { AttachedPolicy, IAMApi } from "../../../api/iam/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { putEntity, requireEntity, type EntityRef } from "../entities.ts";
import { findManagedPolicy, requireAttachablePolicy } from "../managed-policies.ts";
import { compareKeys, takePage, type PageFacts, type PageRequest } from "../pages.ts";
import { policyUses, type PolicyUseRow } from "../state.ts";

export const attachUserPolicy: Handler<IAMApi["AttachUserPolicy"]> = (input, ctx) =>
  attach(ctx, { kind: "user", name: input.UserName }, input.PolicyArn);

export const attachRolePolicy: Handler<IAMApi["AttachRolePolicy"]> = (input, ctx) =>
  attach(ctx, { kind: "role", name: input.RoleName }, input.PolicyArn);

export const detachUserPolicy: Handler<IAMApi["DetachUserPolicy"]> = (input, ctx) =>
  detach(ctx, { kind: "user", name: input.UserName }, input.PolicyArn);

export const detachRolePolicy: Handler<IAMApi["DetachRolePolicy"]> = (input, ctx) =>
  detach(ctx, { kind: "role", name: input.RoleName }, input.PolicyArn);

export const listAttachedUserPolicies: Handler<IAMApi["ListAttachedUserPolicies"]> = (input, ctx) =>
  list(ctx, { kind: "user", name: input.UserName }, input);

export const listAttachedRolePolicies: Handler<IAMApi["ListAttachedRolePolicies"]> = (input, ctx) =>
  list(ctx, { kind: "role", name: input.RoleName }, input);

/** AWS starts at 10 and raises the quota up to this on request. */
const maximumAttached = 20;

/** Attaching twice is no error. */
async function attach(ctx: RequestContext, ref: EntityRef, arn: string): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    await requireAttachablePolicy(tx, ctx.account, arn);
    if (row.attachedPolicies.includes(arn)) return;
    if (row.attachedPolicies.length >= maximumAttached) {
      const quota = ref.kind === "user" ? "PoliciesPerUser" : "PoliciesPerRole";
      throw new LimitExceededException({ message: `Cannot exceed quota for ${quota}: ${maximumAttached}` });
    }
    putEntity(tx, { ...row, attachedPolicies: [...row.attachedPolicies, arn] });
    const use: PolicyUseRow = { policyArn: arn, usage: "policy", kind: row.kind, name: row.name };
    tx.put(policyUses, use);
  });
  return {};
}

async function detach(ctx: RequestContext, ref: EntityRef, arn: string): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    if (!row.attachedPolicies.includes(arn)) {
      throw new NoSuchEntityException({ message: `Policy ${arn} was not found.` });
    }
    putEntity(tx, { ...row, attachedPolicies: row.attachedPolicies.filter((attached) => attached !== arn) });
    tx.delete(policyUses, [arn, "policy", row.kind, row.name.toLowerCase()]);
  });
  return {};
}

async function list(
  ctx: RequestContext,
  ref: EntityRef,
  request: PageRequest & { readonly PathPrefix?: string | undefined },
): Promise<{ AttachedPolicies: AttachedPolicy[] } & PageFacts> {
  return ctx.read(async (snapshot) => {
    const row = await requireEntity(snapshot, ref);
    const attached: { readonly name: string; readonly arn: string }[] = [];
    for (const arn of row.attachedPolicies) {
      const policy = await findManagedPolicy(snapshot, ctx.account, arn);
      if (policy?.path.startsWith(request.PathPrefix ?? "/")) attached.push({ name: policy.name, arn });
    }
    const { items, page } = await takePage(
      attached.toSorted((a, b) => compareKeys(a.arn, b.arn)),
      ({ arn }) => arn,
      request,
    );
    return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...page };
  });
}
