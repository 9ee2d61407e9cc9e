import type { IAMApi, ListPoliciesRequest } from "../../../../api/iam/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { awsManagedPolicies } from "../../aws-managed-policies.ts";
import { countUses, describePolicy, policyArn } from "../../managed-policies.ts";
import { compareKeys, takePage } from "../../pages.ts";
import { policies, type PolicyRow } from "../../state.ts";

export const listPolicies: Handler<IAMApi["ListPolicies"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const { items, page } = await takePage(candidates(snapshot, ctx.account, input), ({ arn }) => arn, input);
    return { Policies: items.map(({ arn, row, uses }) => describePolicy(arn, row, uses, "listed")), ...page };
  });

/** By ARN: AWS's and the account's own in one order. */
async function* candidates(snapshot: Snapshot, account: string, request: ListPoliciesRequest) {
  const scope = request.Scope ?? "All";
  const found: [arn: string, row: PolicyRow][] = [];
  if (scope !== "Local") found.push(...awsManagedPolicies);
  if (scope !== "AWS") {
    for await (const row of snapshot.list(policies)) found.push([policyArn(account, row), row]);
  }
  for (const [arn, row] of found.toSorted(([a], [b]) => compareKeys(a, b))) {
    if (!row.path.startsWith(request.PathPrefix ?? "/")) continue;
    const uses = await countUses(snapshot, arn);
    if (request.OnlyAttached && uses.attached === 0) continue;
    if (request.PolicyUsageFilter === "PermissionsPolicy" && uses.attached === 0) continue;
    if (request.PolicyUsageFilter === "PermissionsBoundary" && uses.boundary === 0) continue;
    yield { arn, row, uses };
  }
}
