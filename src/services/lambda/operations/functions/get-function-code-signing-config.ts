import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireLatest } from "../../functions/function-name.ts";

/** No function has one: code signing configurations cannot be made yet. Terraform asks for every function. */
export const getFunctionCodeSigningConfig: Handler<LambdaApi["GetFunctionCodeSigningConfig"]> = async (input, ctx) => {
  const row = await ctx.read((snapshot) => requireLatest(snapshot, ctx, input.FunctionName));
  return { CodeSigningConfigArn: "", FunctionName: row.name };
};
