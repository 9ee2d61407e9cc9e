import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireFunction } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { functions } from "../../state.ts";

/** The function is gone at once; what runs of it may finish. */
export function deleteFunction(parts: LambdaParts): Handler<LambdaApi["DeleteFunction"]> {
  return async (input, ctx) => {
    await ctx.write(async (tx) => {
      const row = await requireFunction(tx, ctx, input.FunctionName, input.Qualifier);
      tx.delete(functions, [row.name]);
      tx.dropBlob(row.code.blobId);
      tx.schedule(parts.cleanUpFunction, { functionId: row.id, blobId: row.code.blobId });
    });
    return {};
  };
}
