import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireLatest } from "../../functions/function-name.ts";
import { functions } from "../../state.ts";

/** A record: loops are not detected yet. @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html */
export const putFunctionRecursionConfig: Handler<LambdaApi["PutFunctionRecursionConfig"]> = async (input, ctx) => {
  const { RecursiveLoop: recursiveLoop } = input;
  await ctx.write(async (tx) => {
    const row = await requireLatest(tx, ctx, input.FunctionName);
    tx.put(functions, { ...row, recursiveLoop });
  });
  return { RecursiveLoop: recursiveLoop };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export const getFunctionRecursionConfig: Handler<LambdaApi["GetFunctionRecursionConfig"]> = async (input, ctx) => {
  const row = await ctx.read((snapshot) => requireLatest(snapshot, ctx, input.FunctionName));
  return { RecursiveLoop: row.recursiveLoop ?? "Terminate" };
};
