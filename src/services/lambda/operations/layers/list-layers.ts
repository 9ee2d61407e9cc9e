import type { LambdaApi, LayersListItem, LayerVersionsListItem } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { describeLayerVersion, layerArn, parseLayerName } from "../../layers/layer-version.ts";
import { layers, layerVersions, type LayerVersionRow } from "../../state.ts";

/** Each layer with its newest version that fits. @see https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html */
export const listLayers: Handler<LambdaApi["ListLayers"]> = async (input, ctx) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^[a-zA-Z0-9-_]+$/);
  return ctx.read(async (snapshot) => {
    const found: LayersListItem[] = [];
    for await (const { name } of snapshot.list(layers, marker === undefined ? {} : { after: [marker] })) {
      for await (const row of snapshot.list(layerVersions, { prefix: [name], reverse: true })) {
        if (row.deleted || !fits(row, input)) continue;
        if (found.length === limit) return { Layers: found, NextMarker: writeMarker(found.at(-1)!.LayerName!) };
        const LatestMatchingVersion = describeLayerVersion(row, ctx);
        found.push({ LayerName: name, LayerArn: layerArn(ctx, name), LatestMatchingVersion });
        break;
      }
    }
    return { Layers: found };
  });
};

/** The newest first. @see https://docs.aws.amazon.com/lambda/latest/api/API_ListLayerVersions.html */
export const listLayerVersions: Handler<LambdaApi["ListLayerVersions"]> = async (input, ctx) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^\d{1,15}$/);
  const { account, region, name } = parseLayerName(input.LayerName, ctx);
  const owner = ctx.at(account, region);
  return owner.read(async (snapshot) => {
    const found: LayerVersionsListItem[] = [];
    const before = marker === undefined ? {} : { before: [name, Number(marker)] };
    for await (const row of snapshot.list(layerVersions, { prefix: [name], ...before, reverse: true })) {
      if (row.deleted || !fits(row, input)) continue;
      if (found.length === limit) {
        return { LayerVersions: found, NextMarker: writeMarker(String(found.at(-1)!.Version)) };
      }
      found.push(describeLayerVersion(row, owner));
    }
    return { LayerVersions: found };
  });
};

function fits(
  row: LayerVersionRow,
  wanted: { readonly CompatibleRuntime?: string | undefined; readonly CompatibleArchitecture?: string | undefined },
): boolean {
  const { CompatibleRuntime: runtime, CompatibleArchitecture: architecture } = wanted;
  const named = (list: readonly string[] | undefined, one: string | undefined) =>
    one === undefined || (list?.includes(one) ?? false);
  return named(row.runtimes, runtime) && named(row.architectures, architecture);
}
