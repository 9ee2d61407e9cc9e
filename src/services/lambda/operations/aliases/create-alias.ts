import { ResourceConflictException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeAlias, readRouting } from "../../functions/alias.ts";
import { functionArn, requireLatest } from "../../functions/function-name.ts";
import { aliases, type AliasRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
export const createAlias: Handler<LambdaApi["CreateAlias"]> = async (input, ctx) => {
  const revisionId = ctx.ids.uuid();
  const alias = await ctx.write(async (tx): Promise<AliasRow> => {
    const latest = await requireLatest(tx, ctx, input.FunctionName);
    const routing = await readRouting(tx, ctx, latest, input.FunctionVersion, input.RoutingConfig);
    if (await tx.get(aliases, [latest.name, input.Name])) {
      const message = `Alias already exists: ${functionArn(ctx, latest.name, input.Name)}`;
      throw new ResourceConflictException({ Type: "User", message });
    }
    const row: AliasRow = {
      functionName: latest.name,
      name: input.Name,
      description: input.Description ?? "",
      version: input.FunctionVersion,
      ...(routing && { routing }),
      revisionId,
      statements: [],
    };
    tx.put(aliases, row);
    return row;
  });
  return describeAlias(alias, ctx);
};
