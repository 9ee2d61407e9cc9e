import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireLatest, versionOf } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { applyVersion, isCodeOfVersion } from "../../functions/publish.ts";
import { requireRevision, requireSettled } from "../../functions/require-settled.ts";
import { storePackage } from "../../functions/store-package.ts";
import { requireRoom } from "../../layers/attach-layers.ts";
import { functions, type FunctionRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export function updateFunctionCode(parts: LambdaParts): Handler<LambdaApi["UpdateFunctionCode"]> {
  return async (input, ctx) => {
    if (input.PublishTo) throw notImplemented("capacity providers (PublishTo) are");
    const before = await ctx.read((snapshot) => requireLatest(snapshot, ctx, input.FunctionName));
    requireRevision(before, input.RevisionId);
    const code = await storePackage(input, ctx);
    requireRoom(code, before.layers);
    const revisionId = ctx.ids.uuid();
    const given = { id: ctx.ids.uuid(), revisionId: ctx.ids.uuid() };
    const change = (row: FunctionRow): FunctionRow => ({
      ...row,
      code,
      architecture: input.Architectures?.[0] ?? row.architecture,
      lastUpdateStatus: "InProgress",
      lastUpdateStatusReason: "The function is being created.",
      revisionId,
      lastModifiedAt: ctx.clock.now(),
    });
    if (input.DryRun) return describeFunction({ ...before, code }, ctx);
    const updated = await ctx.write(async (tx) => {
      const row = await requireLatest(tx, ctx, input.FunctionName);
      requireSettled(row, ctx);
      requireRevision(row, input.RevisionId);
      const after = change(row);
      tx.put(functions, after);
      tx.keepBlob(code.blobId);
      const published = input.Publish ? await applyVersion(tx, after, given) : undefined;
      tx.schedule(parts.activateFunction, {
        name: row.name,
        revisionId,
        ...(published?.version !== undefined && { version: published.version }),
      });
      const { blobId } = row.code;
      if (!(await isCodeOfVersion(tx, row.name, blobId))) {
        tx.dropBlob(blobId);
        tx.schedule(parts.cleanUpFunction, { functionId: row.id, blobId, keepRevision: revisionId });
      }
      return published ?? after;
    });
    return describeFunction(updated, ctx, input.Publish ? versionOf(updated) : undefined);
  };
}
