import { AwsError } from "../../api/aws-error.ts";
import type { Role } from "../../api/iam/types.ts";
import { parseArn } from "../../base/arn.ts";
import type { ServiceContext } from "../../kernel/context.ts";
import { validationError } from "./refusals.ts";

/** STS in its own name. It may read roles and policies of IAM, in every account. */
const sts = { kind: "service", service: "sts.amazonaws.com" } as const;

/** The account and name in `arn:aws:iam::111122223333:role/path/name`. */
export function parseRoleArn(text: string): { readonly account: string; readonly name: string } {
  const arn = parseArn(text);
  const name = arn && /^role\/(?:.*\/)?([^/]+)$/.exec(arn.resource)?.[1];
  if (arn?.service !== "iam" || !/^\d{12}$/.test(arn.account) || !name) throw validationError(`${text} is invalid`);
  return { account: arn.account, name };
}

/** The role with this ARN, as IAM tells it. */
export async function findRole(ctx: ServiceContext, roleArn: string): Promise<Role | undefined> {
  const { account, name } = parseRoleArn(roleArn);
  try {
    const { Role: role } = await ctx.aws(sts, { account }).iam.GetRole({ RoleName: name });
    return role.Arn === roleArn ? role : undefined;
  } catch (error) {
    if (error instanceof AwsError && error.code === "NoSuchEntity") return undefined;
    throw error;
  }
}

/** The policy that says who may assume a role, as JSON text. */
export async function findTrustPolicy(roleArn: string, ctx: ServiceContext): Promise<string | undefined> {
  if (parseArn(roleArn)?.service !== "iam") return undefined;
  const role = await findRole(ctx, roleArn);
  return role?.AssumeRolePolicyDocument && decodeURIComponent(role.AssumeRolePolicyDocument);
}

/** The document of a managed policy's default version. */
export async function findManagedDocument(
  ctx: ServiceContext,
  account: string,
  policyArn: string,
): Promise<string | undefined> {
  const { iam } = ctx.aws(sts, { account });
  try {
    const { Policy: policy } = await iam.GetPolicy({ PolicyArn: policyArn });
    const { PolicyVersion: version } = await iam.GetPolicyVersion({
      PolicyArn: policyArn,
      VersionId: policy!.DefaultVersionId!,
    });
    return decodeURIComponent(version!.Document!);
  } catch (error) {
    if (error instanceof AwsError && (error.code === "NoSuchEntity" || error.code === "InvalidInput")) return undefined;
    throw error;
  }
}
