import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { countUses, describePolicy, requireManagedPolicy } from "../../managed-policies.ts";

export const getPolicy: Handler<IAMApi["GetPolicy"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const row = await requireManagedPolicy(snapshot, ctx.account, input.PolicyArn);
    return { Policy: describePolicy(input.PolicyArn, row, await countUses(snapshot, input.PolicyArn), "full") };
  });
