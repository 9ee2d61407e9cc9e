import { ResourceConflictException, ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { FunctionUrlConfig, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { deleteUrl, describeUrl, readCors, requireUrl } from "../../function-urls/function-url.ts";
import { parseFunctionName, requireLatest, requireTarget } from "../../functions/function-name.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { functionUrls, urlOwners, type FunctionUrlRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
export const createFunctionUrlConfig: Handler<LambdaApi["CreateFunctionUrlConfig"]> = async (input, ctx) => {
  refuseIam(input.AuthType);
  const urlId = ctx.ids.alphanumeric(32);
  const now = ctx.clock.now();
  const row = await ctx.write(async (tx) => {
    const { latest, alias, arn } = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier).catch(() => {
      throw new ResourceNotFoundException({ Type: "User", message: "Function does not exist" });
    });
    const qualifier = alias?.name ?? "$LATEST";
    if (await tx.get(functionUrls, [latest.name, qualifier])) {
      throw new ResourceConflictException({
        Type: "User",
        message: `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      });
    }
    const created: FunctionUrlRow = {
      functionName: latest.name,
      qualifier,
      urlId,
      authType: input.AuthType,
      invokeMode: input.InvokeMode ?? "BUFFERED",
      ...(input.Cors && { cors: readCors(input.Cors) }),
      createdAt: now,
      lastModifiedAt: now,
    };
    tx.put(functionUrls, created);
    const { account, region } = ctx;
    tx.put(urlOwners, { urlId, account, region, functionName: latest.name, qualifier });
    return created;
  });
  const { LastModifiedTime: _, ...created } = describeUrl(row, ctx);
  return created;
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html */
export const getFunctionUrlConfig: Handler<LambdaApi["GetFunctionUrlConfig"]> = async (input, ctx) => {
  const { name, qualifier } = parseFunctionName(input.FunctionName, ctx, input.Qualifier);
  return describeUrl(await ctx.read((snapshot) => requireUrl(snapshot, name, qualifier)), ctx);
};

/** What is left out stays. @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html */
export const updateFunctionUrlConfig: Handler<LambdaApi["UpdateFunctionUrlConfig"]> = async (input, ctx) => {
  refuseIam(input.AuthType);
  const { name, qualifier } = parseFunctionName(input.FunctionName, ctx, input.Qualifier);
  const row = await ctx.write(async (tx) => {
    const before = await requireUrl(tx, name, qualifier);
    const after: FunctionUrlRow = {
      ...before,
      authType: input.AuthType ?? before.authType,
      invokeMode: input.InvokeMode ?? before.invokeMode,
      ...(input.Cors && { cors: readCors(input.Cors) }),
      lastModifiedAt: ctx.clock.now(),
    };
    tx.put(functionUrls, after);
    return after;
  });
  return describeUrl(row, ctx);
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html */
export const deleteFunctionUrlConfig: Handler<LambdaApi["DeleteFunctionUrlConfig"]> = async (input, ctx) => {
  const { name, qualifier } = parseFunctionName(input.FunctionName, ctx, input.Qualifier);
  await ctx.write(async (tx) => deleteUrl(tx, await requireUrl(tx, name, qualifier)));
  return {};
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html */
export const listFunctionUrlConfigs: Handler<LambdaApi["ListFunctionUrlConfigs"]> = async (input, ctx) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^[$a-zA-Z0-9-_]+$/);
  return ctx.read(async (snapshot) => {
    const { name } = await requireLatest(snapshot, ctx, input.FunctionName);
    const found: FunctionUrlConfig[] = [];
    let last = "";
    const after = marker === undefined ? {} : { after: [name, marker] };
    for await (const row of snapshot.list(functionUrls, { prefix: [name], ...after })) {
      if (found.length === limit) return { FunctionUrlConfigs: found, NextMarker: writeMarker(last) };
      found.push(describeUrl(row, ctx));
      last = row.qualifier;
    }
    return { FunctionUrlConfigs: found };
  });
};

/** Endpoints are not told who signed a request. */
function refuseIam(authType: string | undefined): void {
  if (authType === "AWS_IAM") throw notImplemented("function URLs with AuthType AWS_IAM are");
}
