import type { LambdaApi } from "../../../api/lambda/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { maxUnzippedBytes, maxZippedBytes } from "../functions/package-folders.ts";
import { concurrencyLimit } from "../invocation/fleet.ts";
import { functions, layerVersions, reservations, versions } from "../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export const getAccountSettings: Handler<LambdaApi["GetAccountSettings"]> = async (_, ctx) => {
  const usage = { TotalCodeSize: 0, FunctionCount: 0 };
  const reserved = await ctx.read(async (snapshot) => {
    for await (const { code } of snapshot.list(functions)) {
      usage.TotalCodeSize += code.size;
      usage.FunctionCount++;
    }
    for await (const { code } of snapshot.list(versions)) usage.TotalCodeSize += code.size;
    for await (const { code } of snapshot.list(layerVersions)) usage.TotalCodeSize += code.size;
    return (await snapshot.get(reservations, ["all"]))?.total ?? 0;
  });
  return {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: maxUnzippedBytes,
      CodeSizeZipped: maxZippedBytes,
      ConcurrentExecutions: concurrencyLimit,
      UnreservedConcurrentExecutions: concurrencyLimit - reserved,
    },
    AccountUsage: usage,
  };
};
