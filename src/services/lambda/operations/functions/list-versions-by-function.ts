import type { FunctionConfiguration, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { listFunction } from "../../functions/describe-function.ts";
import { requireLatest, versionOf } from "../../functions/function-name.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { versions } from "../../state.ts";

/** `$LATEST` first. @see https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html */
export const listVersionsByFunction: Handler<LambdaApi["ListVersionsByFunction"]> = async (input, ctx) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^(\$LATEST|\d{1,16})$/);
  return ctx.read(async (snapshot) => {
    const latest = await requireLatest(snapshot, ctx, input.FunctionName);
    const found: FunctionConfiguration[] = marker === undefined ? [listFunction(latest, ctx, "$LATEST")] : [];
    const after = marker === undefined || marker === "$LATEST" ? {} : { after: [latest.name, Number(marker)] };
    for await (const row of snapshot.list(versions, { prefix: [latest.name], ...after })) {
      if (found.length === limit) return { Versions: found, NextMarker: writeMarker(found.at(-1)!.Version!) };
      found.push(listFunction(row, ctx, versionOf(row)));
    }
    return { Versions: found };
  });
};
