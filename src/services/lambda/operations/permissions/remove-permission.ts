import { ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireFunction } from "../../functions/function-name.ts";
import { requireRevision } from "../../functions/require-settled.ts";
import { functions } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
export const removePermission: Handler<LambdaApi["RemovePermission"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireFunction(tx, ctx, input.FunctionName, input.Qualifier);
    requireRevision(row, input.RevisionId);
    const statements = row.statements.filter((statement) => statement.Sid !== input.StatementId);
    if (statements.length === row.statements.length) {
      throw new ResourceNotFoundException({
        Type: "User",
        message: `Statement ${input.StatementId} is not found in resource policy.`,
      });
    }
    tx.put(functions, { ...row, statements });
  });
  return {};
};
