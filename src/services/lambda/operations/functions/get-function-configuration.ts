import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireFunction } from "../../functions/function-name.ts";

export const getFunctionConfiguration: Handler<LambdaApi["GetFunctionConfiguration"]> = async (input, ctx) =>
  describeFunction(
    await ctx.read((snapshot) => requireFunction(snapshot, ctx, input.FunctionName, input.Qualifier)),
    ctx,
  );
