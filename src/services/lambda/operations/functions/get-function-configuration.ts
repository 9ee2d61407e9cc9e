import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireTarget } from "../../functions/function-name.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration: Handler<LambdaApi["GetFunctionConfiguration"]> = async (input, ctx) => {
  const { row, qualifier } = await ctx.read((snapshot) =>
    requireTarget(snapshot, ctx, input.FunctionName, input.Qualifier),
  );
  return describeFunction(row, ctx, qualifier);
};
