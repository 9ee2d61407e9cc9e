import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeAlias, readRouting, requireAlias } from "../../functions/alias.ts";
import { requireLatest } from "../../functions/function-name.ts";
import { requireRevision } from "../../functions/require-settled.ts";
import { aliases, type AliasRow } from "../../state.ts";

/** What is left out stays; an empty routing configuration takes the second version away. @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html */
export const updateAlias: Handler<LambdaApi["UpdateAlias"]> = async (input, ctx) => {
  const revisionId = ctx.ids.uuid();
  const alias = await ctx.write(async (tx): Promise<AliasRow> => {
    const latest = await requireLatest(tx, ctx, input.FunctionName);
    const before = await requireAlias(tx, ctx, latest.name, input.Name);
    requireRevision(before, input.RevisionId);
    const version = input.FunctionVersion ?? before.version;
    const kept = before.routing && { AdditionalVersionWeights: { [before.routing.version]: before.routing.weight } };
    const routing = await readRouting(tx, ctx, latest, version, input.RoutingConfig ?? kept);
    const { routing: _, ...rest } = before;
    const row: AliasRow = {
      ...rest,
      description: input.Description ?? before.description,
      version,
      ...(routing && { routing }),
      revisionId,
    };
    tx.put(aliases, row);
    return row;
  });
  return describeAlias(alias, ctx);
};
