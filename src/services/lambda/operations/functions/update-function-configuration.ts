import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyConfiguration } from "../../functions/configuration.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireAssumableRole } from "../../functions/execution-role.ts";
import { requireLatest } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { requireRevision, requireSettled } from "../../functions/require-settled.ts";
import { readLayers, requireRoom } from "../../layers/attach-layers.ts";
import { functions } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export function updateFunctionConfiguration(parts: LambdaParts): Handler<LambdaApi["UpdateFunctionConfiguration"]> {
  return async (input, ctx) => {
    const { name, role, code } = await ctx.read((snapshot) => requireLatest(snapshot, ctx, input.FunctionName));
    if (input.Role !== undefined && input.Role !== role) await requireAssumableRole(ctx, input.Role, name);
    const layers = await readLayers(input.Layers, ctx);
    requireRoom(code, layers);
    const revisionId = ctx.ids.uuid();
    const updated = await ctx.write(async (tx) => {
      const row = await requireLatest(tx, ctx, input.FunctionName);
      requireSettled(row, ctx);
      requireRevision(row, input.RevisionId);
      const after = {
        ...applyConfiguration(row, input, layers),
        lastUpdateStatus: "InProgress" as const,
        lastUpdateStatusReason: "The function is being created.",
        revisionId,
        lastModifiedAt: ctx.clock.now(),
      };
      tx.put(functions, after);
      tx.schedule(parts.activateFunction, { name: row.name, revisionId });
      return after;
    });
    return describeFunction(updated, ctx);
  };
}
