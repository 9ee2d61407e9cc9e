import { AwsError } from "../../../api/aws-error.ts";
import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";
import type { AssumedRolePrincipal, ServicePrincipal } from "../../../kernel/principal.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { EpochMs } from "../../../base/clock.ts";
import { functionArn } from "./function-name.ts";

/** Temporary credentials of a function's execution role, and the principal they stand for. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: EpochMs;
  readonly principal: AssumedRolePrincipal;
}

/** The shortest of what roles allow by default; environments are replaced before it is over. */
const sessionSeconds = 3600;

/** Assumes the execution role as the Lambda service, which the role's trust policy must allow. */
export async function assumeExecutionRole(
  ctx: ServiceContext,
  roleArn: string,
  functionName: string,
): Promise<RoleSession> {
  const issuedAt = ctx.clock.now();
  const answer = await ctx.aws(lambdaPrincipal(ctx, functionName)).sts.AssumeRole({
    RoleArn: roleArn,
    RoleSessionName: functionName.slice(0, 64).padEnd(2, "-"),
    DurationSeconds: sessionSeconds,
  });
  const credentials = answer.Credentials!;
  const [roleId = "", sessionName = ""] = answer.AssumedRoleUser!.AssumedRoleId.split(":");
  return {
    accessKeyId: credentials.AccessKeyId,
    secretAccessKey: credentials.SecretAccessKey,
    sessionToken: credentials.SessionToken,
    expiresAt: credentials.Expiration.getTime(),
    principal: {
      kind: "assumed-role",
      account: ctx.account,
      arn: answer.AssumedRoleUser!.Arn,
      roleArn,
      roleName: roleArn.slice(roleArn.lastIndexOf("/") + 1),
      roleId,
      sessionName,
      session: { policies: [], tags: {}, issuedAt },
    },
  };
}

/** Refuses a role that the Lambda service may not assume, as AWS does when a function is made with it. */
export async function requireAssumableRole(ctx: ServiceContext, roleArn: string, functionName: string): Promise<void> {
  try {
    await assumeExecutionRole(ctx, roleArn, functionName);
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) throw error;
    throw new InvalidParameterValueException({
      Type: "User",
      message: "The role defined for the function cannot be assumed by Lambda.",
    });
  }
}

function lambdaPrincipal(ctx: ServiceContext, functionName: string): ServicePrincipal {
  return {
    kind: "service",
    service: "lambda.amazonaws.com",
    sourceArn: functionArn(ctx, functionName),
    sourceAccount: ctx.account,
  };
}
