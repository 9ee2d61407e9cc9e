import { ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireTarget } from "../../functions/function-name.ts";
import { policyHolder, policyOf } from "../../functions/resource-policy.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export const getPolicy: Handler<LambdaApi["GetPolicy"]> = async (input, ctx) => {
  const holder = policyHolder(
    await ctx.read((snapshot) => requireTarget(snapshot, ctx, input.FunctionName, input.Qualifier)),
  );
  const policy = policyOf(holder.statements);
  if (policy === undefined) {
    throw new ResourceNotFoundException({ Type: "User", message: "The resource you requested does not exist." });
  }
  return { Policy: policy, RevisionId: holder.revisionId };
};
