import { ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireTarget } from "../../functions/function-name.ts";
import { applyStatements, policyHolder, refuseLatest } from "../../functions/resource-policy.ts";
import { requireRevision } from "../../functions/require-settled.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
export const removePermission: Handler<LambdaApi["RemovePermission"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const target = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier);
    refuseLatest(target);
    const holder = policyHolder(target);
    requireRevision(holder, input.RevisionId);
    const statements = holder.statements.filter((statement) => statement.Sid !== input.StatementId);
    if (statements.length === holder.statements.length) {
      throw new ResourceNotFoundException({
        Type: "User",
        message: `Statement ${input.StatementId} is not found in resource policy.`,
      });
    }
    applyStatements(tx, target, statements);
  });
  return {};
};
