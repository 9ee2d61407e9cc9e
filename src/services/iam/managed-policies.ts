import { AwsError } from "../../api/aws-error.ts";
import { InvalidInputException, NoSuchEntityException } from "../../api/iam/errors.ts";
import type { Policy } from "../../api/iam/types.ts";
import type { Snapshot } from "../../kernel/records.ts";
import { awsManagedPolicies } from "./aws-managed-policies.ts";
import { policies, policyUses, type PolicyRow } from "./state.ts";
import { describeTags } from "./tags.ts";

export function policyArn(account: string, { path, name }: Pick<PolicyRow, "path" | "name">): string {
  return `arn:aws:iam::${account}:policy${path}${name}`;
}

export function isAwsManaged(arn: string): boolean {
  return arn.startsWith("arn:aws:iam::aws:policy/");
}

/** A managed policy of this account or of AWS, by its ARN. */
export async function findManagedPolicy(
  snapshot: Snapshot,
  account: string,
  arn: string,
): Promise<PolicyRow | undefined> {
  if (isAwsManaged(arn)) return awsManagedPolicies.get(arn);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const row = await snapshot.get(policies, [name.toLowerCase()]);
  return row && policyArn(account, row) === arn ? row : undefined;
}

export async function requireManagedPolicy(snapshot: Snapshot, account: string, arn: string): Promise<PolicyRow> {
  checkPolicyArn(arn);
  const row = await findManagedPolicy(snapshot, account, arn);
  if (!row) throw new NoSuchEntityException({ message: `Policy ${arn} was not found.` });
  return row;
}

/** As `requireManagedPolicy`, in the words of the operations that attach. */
export async function requireAttachablePolicy(snapshot: Snapshot, account: string, arn: string): Promise<PolicyRow> {
  checkPolicyArn(arn);
  const row = await findManagedPolicy(snapshot, account, arn);
  if (!row) throw new NoSuchEntityException({ message: `Policy ${arn} does not exist or is not attachable.` });
  return row;
}

/** A customer managed policy that is about to be changed. */
export async function requireOwnPolicy(snapshot: Snapshot, account: string, arn: string): Promise<PolicyRow> {
  if (isAwsManaged(arn)) {
    throw new AwsError({ code: "AccessDenied", status: 403, message: "Policy is outside your own account." });
  }
  return requireManagedPolicy(snapshot, account, arn);
}

function checkPolicyArn(arn: string): void {
  if (/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(arn)) return;
  throw new InvalidInputException({ message: `ARN ${arn} is not valid.` });
}

export function defaultDocument(row: PolicyRow): string {
  return row.versions.find(({ number }) => number === row.defaultVersion)!.document;
}

/** How often a policy is used, as policy and as boundary. */
export async function countUses(
  snapshot: Snapshot,
  arn: string,
): Promise<{ readonly attached: number; readonly boundary: number }> {
  let attached = 0;
  let boundary = 0;
  for await (const use of snapshot.list(policyUses, { prefix: [arn] })) {
    if (use.usage === "policy") attached++;
    else boundary++;
  }
  return { attached, boundary };
}

/** Listed policies leave out description and tags. */
export function describePolicy(
  arn: string,
  row: PolicyRow,
  uses: { readonly attached: number; readonly boundary: number },
  detail: "full" | "listed",
): Policy {
  return {
    PolicyName: row.name,
    PolicyId: row.id,
    Arn: arn,
    Path: row.path,
    DefaultVersionId: `v${row.defaultVersion}`,
    AttachmentCount: uses.attached,
    PermissionsBoundaryUsageCount: uses.boundary,
    IsAttachable: true,
    CreateDate: new Date(row.createdAt),
    UpdateDate: new Date(row.updatedAt),
    ...(detail === "full" && {
      ...(row.description !== undefined && { Description: row.description }),
      Tags: describeTags(row.tags),
    }),
  };
}
