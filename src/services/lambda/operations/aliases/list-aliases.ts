import type { AliasConfiguration, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeAlias } from "../../functions/alias.ts";
import { requireLatest } from "../../functions/function-name.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { aliases } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html */
export const listAliases: Handler<LambdaApi["ListAliases"]> = async (input, ctx) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^[a-zA-Z0-9-_]+$/);
  return ctx.read(async (snapshot) => {
    const { name } = await requireLatest(snapshot, ctx, input.FunctionName);
    const found: AliasConfiguration[] = [];
    const after = marker === undefined ? {} : { after: [name, marker] };
    for await (const row of snapshot.list(aliases, { prefix: [name], ...after })) {
      const chosen = input.FunctionVersion === undefined || pointsTo(row, input.FunctionVersion);
      if (!chosen) continue;
      if (found.length === limit) return { Aliases: found, NextMarker: writeMarker(found.at(-1)!.Name!) };
      found.push(describeAlias(row, ctx));
    }
    return { Aliases: found };
  });
};

function pointsTo(row: { version: string; routing?: { version: string } }, version: string): boolean {
  return row.version === version || row.routing?.version === version;
}
