import {
  InvalidParameterValueException,
  PolicyLengthExceededException,
  ResourceConflictException,
} from "../../../../api/lambda/errors.ts";
import type { AddPermissionRequest, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireTarget } from "../../functions/function-name.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import {
  applyStatements,
  maxPolicyBytes,
  policyHolder,
  policyOf,
  refuseLatest,
} from "../../functions/resource-policy.ts";
import { requireRevision } from "../../functions/require-settled.ts";
import type { PolicyStatement } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export const addPermission: Handler<LambdaApi["AddPermission"]> = async (input, ctx) => {
  if (input.FunctionUrlAuthType !== undefined && input.Action !== "lambda:InvokeFunctionUrl") {
    throw new InvalidParameterValueException({
      Type: "User",
      message: "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
    });
  }
  if (input.EventSourceToken !== undefined) throw notImplemented("permissions for Alexa (EventSourceToken) are");
  return ctx.write(async (tx) => {
    const target = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier);
    refuseLatest(target);
    const holder = policyHolder(target);
    requireRevision(holder, input.RevisionId);
    if (holder.statements.some((statement) => statement.Sid === input.StatementId)) {
      throw new ResourceConflictException({
        Type: "User",
        message: `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      });
    }
    const statement = buildStatement(input, target.arn);
    const statements = [...holder.statements, statement];
    const size = Buffer.byteLength(policyOf(statements)!);
    if (size > maxPolicyBytes) {
      throw new PolicyLengthExceededException({
        Type: "User",
        message: `The final policy size (${size}) is bigger than the limit (${maxPolicyBytes}).`,
      });
    }
    applyStatements(tx, target, statements);
    return { Statement: JSON.stringify(statement) };
  });
};

function buildStatement(input: AddPermissionRequest, resource: string): PolicyStatement {
  const strings: Record<string, string> = {
    ...(input.SourceAccount !== undefined && { "AWS:SourceAccount": input.SourceAccount }),
    ...(input.FunctionUrlAuthType !== undefined && { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }),
    ...(input.PrincipalOrgID !== undefined && { "aws:PrincipalOrgID": input.PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(strings).length > 0 && { StringEquals: strings }),
    ...(input.InvokedViaFunctionUrl !== undefined && {
      Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) },
    }),
    ...(input.SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
  };
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

const accountForm = /^\d{12}$/;
const serviceForm = /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com$/;

function principalOf(principal: string): PolicyStatement["Principal"] {
  if (principal === "*") return "*";
  if (accountForm.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith("arn:")) return { AWS: principal };
  if (serviceForm.test(principal)) return { Service: principal };
  throw new InvalidParameterValueException({
    Type: "User",
    message: "The provided principal was invalid. Please check the principal and try again.",
  });
}
