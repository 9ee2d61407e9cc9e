import { ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireFunction } from "../../functions/function-name.ts";
import { policyOf } from "../../functions/resource-policy.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export const getPolicy: Handler<LambdaApi["GetPolicy"]> = async (input, ctx) => {
  const row = await ctx.read((snapshot) => requireFunction(snapshot, ctx, input.FunctionName, input.Qualifier));
  const policy = policyOf(row);
  if (policy === undefined) {
    throw new ResourceNotFoundException({ Type: "User", message: "The resource you requested does not exist." });
  }
  return { Policy: policy, RevisionId: row.revisionId };
};
