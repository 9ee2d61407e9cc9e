import type { IAMApi, PolicyRole, PolicyUser } from "../../../../api/iam/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireEntity } from "../../entities.ts";
import { requireManagedPolicy } from "../../managed-policies.ts";
import { compareKeys, takePage } from "../../pages.ts";
import { policyUses } from "../../state.ts";

export const listEntitiesForPolicy: Handler<IAMApi["ListEntitiesForPolicy"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireManagedPolicy(snapshot, ctx.account, input.PolicyArn);
    const usages = { PermissionsPolicy: ["policy"], PermissionsBoundary: ["boundary"] } as const;
    const usage: readonly string[] = usages[(input.PolicyUsageFilter ?? "") as keyof typeof usages] ?? [
      "policy",
      "boundary",
    ];
    const kinds = { User: ["user"], Role: ["role"], Group: [] } as const;
    const kind: readonly string[] = kinds[(input.EntityFilter ?? "") as keyof typeof kinds] ?? ["user", "role"];
    const wanted = (await usersOf(snapshot, input.PolicyArn)).filter(
      (use) => kind.includes(use.kind) && use.usages.some((each) => usage.includes(each)),
    );
    const found: { readonly kind: "user" | "role"; readonly name: string; readonly id: string }[] = [];
    for (const use of wanted) {
      const row = await requireEntity(snapshot, use);
      if (row.path.startsWith(input.PathPrefix ?? "/")) found.push(row);
    }
    const order = ({ kind: of, name }: { kind: string; name: string }) => `${of}/${name}`;
    const { items, page } = await takePage(
      found.toSorted((a, b) => compareKeys(order(a), order(b))),
      order,
      input,
    );
    const users: PolicyUser[] = [];
    const roles: PolicyRole[] = [];
    for (const { kind: of, name, id } of items) {
      if (of === "user") users.push({ UserName: name, UserId: id });
      else roles.push({ RoleName: name, RoleId: id });
    }
    return { PolicyGroups: [], PolicyUsers: users, PolicyRoles: roles, ...page };
  });

interface EntityUse {
  readonly kind: "user" | "role";
  readonly name: string;
  readonly usages: string[];
}

/** Everybody once, though one may use the policy as policy and as boundary. */
async function usersOf(snapshot: Snapshot, arn: string): Promise<readonly EntityUse[]> {
  const found = new Map<string, EntityUse>();
  for await (const { kind, name, usage } of snapshot.list(policyUses, { prefix: [arn] })) {
    const known = found.get(`${kind}/${name}`);
    if (known) known.usages.push(usage);
    else found.set(`${kind}/${name}`, { kind, name, usages: [usage] });
  }
  return [...found.values()];
}
