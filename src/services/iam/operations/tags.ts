import type { IAMApi, Tag } from "../../../api/iam/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { putEntity, requireEntity, type EntityRef } from "../entities.ts";
import { requireManagedPolicy, requireOwnPolicy } from "../managed-policies.ts";
import { compareKeys, takePage, type PageFacts, type PageRequest } from "../pages.ts";
import { policies, type TagRow } from "../state.ts";
import { addTags, describeTags, readTags, removeTags } from "../tags.ts";

type Change = (tags: readonly TagRow[]) => readonly TagRow[];

export const tagUser: Handler<IAMApi["TagUser"]> = (input, ctx) =>
  changeEntity(ctx, { kind: "user", name: input.UserName }, adding(input.Tags));

export const tagRole: Handler<IAMApi["TagRole"]> = (input, ctx) =>
  changeEntity(ctx, { kind: "role", name: input.RoleName }, adding(input.Tags));

export const tagPolicy: Handler<IAMApi["TagPolicy"]> = (input, ctx) =>
  changePolicy(ctx, input.PolicyArn, adding(input.Tags));

export const untagUser: Handler<IAMApi["UntagUser"]> = (input, ctx) =>
  changeEntity(ctx, { kind: "user", name: input.UserName }, removing(input.TagKeys));

export const untagRole: Handler<IAMApi["UntagRole"]> = (input, ctx) =>
  changeEntity(ctx, { kind: "role", name: input.RoleName }, removing(input.TagKeys));

export const untagPolicy: Handler<IAMApi["UntagPolicy"]> = (input, ctx) =>
  changePolicy(ctx, input.PolicyArn, removing(input.TagKeys));

export const listUserTags: Handler<IAMApi["ListUserTags"]> = (input, ctx) =>
  ctx.read(async (snapshot) =>
    list((await requireEntity(snapshot, { kind: "user", name: input.UserName })).tags, input),
  );

export const listRoleTags: Handler<IAMApi["ListRoleTags"]> = (input, ctx) =>
  ctx.read(async (snapshot) =>
    list((await requireEntity(snapshot, { kind: "role", name: input.RoleName })).tags, input),
  );

export const listPolicyTags: Handler<IAMApi["ListPolicyTags"]> = (input, ctx) =>
  ctx.read(async (snapshot) => list((await requireManagedPolicy(snapshot, ctx.account, input.PolicyArn)).tags, input));

function adding(tags: readonly Tag[]): Change {
  const added = readTags(tags);
  return (present) => addTags(present, added);
}

function removing(keys: readonly string[]): Change {
  return (present) => removeTags(present, keys);
}

async function changeEntity(ctx: RequestContext, ref: EntityRef, change: Change): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireEntity(tx, ref);
    putEntity(tx, { ...row, tags: change(row.tags) });
  });
  return {};
}

async function changePolicy(ctx: RequestContext, arn: string, change: Change): Promise<Record<string, never>> {
  await ctx.write(async (tx) => {
    const row = await requireOwnPolicy(tx, ctx.account, arn);
    tx.put(policies, { ...row, tags: change(row.tags) });
  });
  return {};
}

async function list(tags: readonly TagRow[], request: PageRequest): Promise<{ Tags: Tag[] } & PageFacts> {
  const sorted = tags.toSorted((a, b) => compareKeys(a.key, b.key));
  const { items, page } = await takePage(sorted, ({ key }) => key, request);
  return { Tags: describeTags(items), ...page };
}
