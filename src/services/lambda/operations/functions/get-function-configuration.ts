import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireSettledTarget } from "../../functions/watch-function.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration: Handler<LambdaApi["GetFunctionConfiguration"]> = async (input, ctx) => {
  const { row, qualifier } = await requireSettledTarget(ctx, input.FunctionName, input.Qualifier);
  return describeFunction(row, ctx, qualifier);
};
