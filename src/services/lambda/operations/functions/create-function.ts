import { InvalidParameterValueException, ResourceConflictException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { readLayers, requireRoom } from "../../layers/attach-layers.ts";
import { applyConfiguration } from "../../functions/configuration.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireAssumableRole } from "../../functions/execution-role.ts";
import { parseFunctionName } from "../../functions/function-name.ts";
import type { LambdaParts } from "../../functions/lambda-parts.ts";
import { applyVersion } from "../../functions/publish.ts";
import { storePackage } from "../../functions/store-package.ts";
import { functions, type FunctionRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export function createFunction(parts: LambdaParts): Handler<LambdaApi["CreateFunction"]> {
  return async (input, ctx) => {
    const { name } = parseFunctionName(input.FunctionName, ctx);
    if (input.PackageType !== "Image" && (input.Runtime === undefined || input.Handler === undefined)) {
      throw new InvalidParameterValueException({
        Type: "User",
        message: "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
      });
    }
    const defaults = {
      runtime: input.Runtime!,
      handler: input.Handler!,
      role: input.Role,
      description: "",
      timeoutSeconds: 3,
      memoryMb: 128,
      ephemeralStorageMb: 512,
      logGroup: `/aws/lambda/${name}`,
    };
    const layers = await readLayers(input.Layers, ctx);
    const configuration = applyConfiguration(defaults, input, layers);
    await requireUnused(name);
    await requireAssumableRole(ctx, input.Role, name);
    const code = await storePackage(input.Code, ctx);
    requireRoom(code, layers);
    const row: FunctionRow = {
      ...configuration,
      name,
      id: ctx.ids.uuid(),
      architecture: input.Architectures?.[0] ?? "x86_64",
      tags: { ...input.Tags },
      code,
      state: "Pending",
      stateReason: "The function is being created.",
      revisionId: ctx.ids.uuid(),
      lastModifiedAt: ctx.clock.now(),
      statements: [],
    };
    const given = { id: ctx.ids.uuid(), revisionId: ctx.ids.uuid() };
    const created = await ctx.write(async (tx) => {
      if (await tx.get(functions, [name])) throw alreadyExists(name);
      tx.put(functions, row);
      tx.keepBlob(row.code.blobId);
      const published = input.Publish ? await applyVersion(tx, row, given) : undefined;
      tx.schedule(parts.activateFunction, {
        name,
        revisionId: row.revisionId,
        ...(published?.version !== undefined && { version: published.version }),
      });
      return published ?? row;
    });
    return describeFunction(created, ctx);

    async function requireUnused(wanted: string): Promise<void> {
      if (await ctx.read((snapshot) => snapshot.get(functions, [wanted]))) throw alreadyExists(wanted);
    }
  };
}

function alreadyExists(name: string): ResourceConflictException {
  return new ResourceConflictException({ Type: "User", message: `Function already exist: ${name}` });
}
