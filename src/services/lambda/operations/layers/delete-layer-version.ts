import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { findLayerVersion, parseLayerName, requireVersionNumber } from "../../layers/layer-version.ts";
import { functions, layerVersions, versions } from "../../state.ts";

/**
 * Nobody can use it any more, except functions that do already. One that does not exist is deleted already.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
 */
export const deleteLayerVersion: Handler<LambdaApi["DeleteLayerVersion"]> = async (input, ctx) => {
  requireVersionNumber(input.VersionNumber);
  const { name } = parseLayerName(input.LayerName, ctx);
  await ctx.write(async (tx) => {
    const row = await findLayerVersion(tx, name, input.VersionNumber);
    if (!row) return;
    const shared = row.statements.length > 0;
    if (shared || (await isUsed(tx, row.code.blobId))) {
      tx.put(layerVersions, { ...row, deleted: true });
      return;
    }
    tx.delete(layerVersions, [name, row.version]);
    tx.dropBlob(row.code.blobId);
  });
  return {};
};

async function isUsed(snapshot: Snapshot, blobId: string): Promise<boolean> {
  for (const rows of [functions, versions]) {
    for await (const { layers } of snapshot.list(rows)) {
      if (layers?.some(({ code }) => code.blobId === blobId)) return true;
    }
  }
  return false;
}
