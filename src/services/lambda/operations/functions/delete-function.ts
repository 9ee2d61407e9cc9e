import { InvalidParameterValueException, ResourceConflictException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Transaction } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireTarget } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { isCodeOfVersion } from "../../functions/publish.ts";
import { deleteUrl } from "../../function-urls/function-url.ts";
import { applyReservation } from "../../functions/reservation.ts";
import { aliases, eventInvokeConfigs, functions, functionUrls, versions, type FunctionRow } from "../../state.ts";

/**
 * The function, with its versions and aliases, or one version is gone at once; what runs of it may finish.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
 */
export function deleteFunction(parts: LambdaParts): Handler<LambdaApi["DeleteFunction"]> {
  return async (input, ctx) => {
    await ctx.write(async (tx) => {
      const { row, latest, alias, qualifier } = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier);
      if (alias) throw invalid("Deletion of aliases is not currently supported.");
      if (qualifier === undefined) await deleteAll(tx, latest);
      else if (row.version === undefined)
        throw invalid("$LATEST version cannot be deleted without deleting the function.");
      else await deleteVersion(tx, latest, row, row.version);
    });
    return {};
  };

  async function deleteAll(tx: Transaction, latest: FunctionRow): Promise<void> {
    const { name } = latest;
    tx.delete(functions, [name]);
    for await (const alias of tx.list(aliases, { prefix: [name] })) tx.delete(aliases, [name, alias.name]);
    await applyReservation(tx, latest.reservedConcurrency ?? 0, 0);
    for await (const config of tx.list(eventInvokeConfigs, { prefix: [name] })) {
      tx.delete(eventInvokeConfigs, [name, config.qualifier]);
    }
    for await (const url of tx.list(functionUrls, { prefix: [name] })) deleteUrl(tx, url);
    const packages = new Map([[latest.code.blobId, latest.id]]);
    for await (const row of tx.list(versions, { prefix: [name] })) {
      tx.delete(versions, [name, row.version!]);
      if (!packages.has(row.code.blobId)) packages.set(row.code.blobId, row.id);
      else tx.schedule(parts.cleanUpFunction, { functionId: row.id });
    }
    for (const [blobId, functionId] of packages) {
      tx.dropBlob(blobId);
      tx.schedule(parts.cleanUpFunction, { functionId, blobId });
    }
  }

  async function deleteVersion(tx: Transaction, latest: FunctionRow, row: FunctionRow, version: number): Promise<void> {
    const pointing: string[] = [];
    for await (const alias of tx.list(aliases, { prefix: [row.name] })) {
      if (alias.version === String(version) || alias.routing?.version === String(version)) pointing.push(alias.name);
    }
    if (pointing.length > 0) {
      throw new ResourceConflictException({
        Type: "User",
        message: `Unable to delete version because the following aliases reference it: [${pointing.join(", ")}]`,
      });
    }
    tx.delete(versions, [row.name, version]);
    tx.delete(eventInvokeConfigs, [row.name, String(version)]);
    const { blobId } = row.code;
    const shared = latest.code.blobId === blobId || (await isCodeOfVersion(tx, row.name, blobId, version));
    if (!shared) tx.dropBlob(blobId);
    tx.schedule(parts.cleanUpFunction, { functionId: row.id, ...(!shared && { blobId }) });
  }
}

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ Type: "User", message });
}
