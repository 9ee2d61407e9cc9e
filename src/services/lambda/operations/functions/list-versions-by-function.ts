import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { functionArn, requireFunction } from "../../functions/function-name.ts";

/** Only `$LATEST`: nothing can be published yet. */
export const listVersionsByFunction: Handler<LambdaApi["ListVersionsByFunction"]> = async (input, ctx) => {
  const row = await ctx.read((snapshot) => requireFunction(snapshot, ctx, input.FunctionName));
  return { Versions: [{ ...describeFunction(row, ctx), FunctionArn: functionArn(ctx, row.name, "$LATEST") }] };
};
