import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { storePackage } from "../../functions/store-package.ts";
import { describeWholeLayerVersion, parseLayerName } from "../../layers/layer-version.ts";
import { layers, layerVersions, type LayerVersionRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html */
export const publishLayerVersion: Handler<LambdaApi["PublishLayerVersion"]> = async (input, ctx) => {
  const { name } = parseLayerName(input.LayerName, ctx);
  const code = await storePackage(input.Content, ctx);
  const revisionId = ctx.ids.uuid();
  const row = await ctx.write(async (tx) => {
    const version = ((await tx.get(layers, [name]))?.last ?? 0) + 1;
    const published: LayerVersionRow = {
      layerName: name,
      version,
      description: input.Description ?? "",
      createdAt: ctx.clock.now(),
      code,
      ...(input.CompatibleRuntimes && { runtimes: [...input.CompatibleRuntimes] }),
      ...(input.CompatibleArchitectures && { architectures: [...input.CompatibleArchitectures] }),
      ...(input.LicenseInfo !== undefined && { license: input.LicenseInfo }),
      revisionId,
      statements: [],
    };
    tx.put(layers, { name, last: version });
    tx.put(layerVersions, published);
    tx.keepBlob(code.blobId);
    return published;
  });
  return describeWholeLayerVersion(row, ctx);
};
