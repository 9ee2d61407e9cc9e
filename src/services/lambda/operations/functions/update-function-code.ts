import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireFunction } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { requireRevision, requireSettled } from "../../functions/require-settled.ts";
import { storePackage } from "../../functions/store-package.ts";
import { functions, type FunctionRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export function updateFunctionCode(parts: LambdaParts): Handler<LambdaApi["UpdateFunctionCode"]> {
  return async (input, ctx) => {
    if (input.Publish || input.PublishTo) throw notImplemented("published versions are");
    const before = await ctx.read((snapshot) => requireFunction(snapshot, ctx, input.FunctionName));
    requireRevision(before, input.RevisionId);
    const code = await storePackage(input, ctx);
    const revisionId = ctx.ids.uuid();
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
      const row = await requireFunction(tx, ctx, input.FunctionName);
      requireSettled(row, ctx);
      requireRevision(row, input.RevisionId);
      const after = change(row);
      tx.put(functions, after);
      tx.keepBlob(code.blobId);
      tx.dropBlob(row.code.blobId);
      tx.schedule(parts.activateFunction, { name: row.name, revisionId });
      tx.schedule(parts.cleanUpFunction, { functionId: row.id, blobId: row.code.blobId, keepRevision: revisionId });
      return after;
    });
    return describeFunction(updated, ctx);
  };
}
