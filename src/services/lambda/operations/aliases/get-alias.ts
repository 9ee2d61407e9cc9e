import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeAlias, requireAlias } from "../../functions/alias.ts";
import { requireLatest } from "../../functions/function-name.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html */
export const getAlias: Handler<LambdaApi["GetAlias"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const { name } = await requireLatest(snapshot, ctx, input.FunctionName);
    return describeAlias(await requireAlias(snapshot, ctx, name, input.Name), ctx);
  });
