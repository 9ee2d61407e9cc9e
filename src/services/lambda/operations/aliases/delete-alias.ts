import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireLatest } from "../../functions/function-name.ts";
import { deleteUrl } from "../../function-urls/function-url.ts";
import { aliases, eventInvokeConfigs, functionUrls } from "../../state.ts";

/** An alias that does not exist is deleted already. @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html */
export const deleteAlias: Handler<LambdaApi["DeleteAlias"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const { name } = await requireLatest(tx, ctx, input.FunctionName);
    tx.delete(eventInvokeConfigs, [name, input.Name]);
    const url = await tx.get(functionUrls, [name, input.Name]);
    if (url) deleteUrl(tx, url);
    tx.delete(aliases, [name, input.Name]);
  });
  return {};
};
