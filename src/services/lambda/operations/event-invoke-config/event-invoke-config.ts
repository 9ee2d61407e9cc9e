import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { FunctionEventInvokeConfig, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import {
  configKey,
  describeEventInvokeConfig,
  readDestinations,
  requireConfigurable,
  requireEventInvokeConfig,
} from "../../functions/event-invoke-config.ts";
import { requireLatest } from "../../functions/function-name.ts";
import { pageLimit, readMarker, writeMarker } from "../../functions/pages.ts";
import { eventInvokeConfigs, type EventInvokeConfigRow } from "../../state.ts";

type Input = Parameters<LambdaApi["PutFunctionEventInvokeConfig"]>[0];

/** Replaces what was there. @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export const putFunctionEventInvokeConfig: Handler<LambdaApi["PutFunctionEventInvokeConfig"]> = async (input, ctx) => {
  requireSomething(input);
  const key = configKey(input.FunctionName, input.Qualifier, ctx);
  const row = await ctx.write(async (tx) => {
    await requireConfigurable(tx, ctx, key);
    const after: EventInvokeConfigRow = {
      functionName: key[0],
      qualifier: key[1],
      lastModifiedAt: ctx.clock.now(),
      ...limitsOf(input),
      ...(await readDestinations(tx, ctx, key[0], input.DestinationConfig)),
    };
    tx.put(eventInvokeConfigs, after);
    return after;
  });
  return describeEventInvokeConfig(row, ctx);
};

/** What is left out stays. @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html */
export const updateFunctionEventInvokeConfig: Handler<LambdaApi["UpdateFunctionEventInvokeConfig"]> = async (
  input,
  ctx,
) => {
  requireSomething(input);
  const key = configKey(input.FunctionName, input.Qualifier, ctx);
  const row = await ctx.write(async (tx) => {
    await requireConfigurable(tx, ctx, key);
    const before = await requireEventInvokeConfig(tx, ctx, key);
    const { onSuccess: _, onFailure: __, ...rest } = before;
    const after: EventInvokeConfigRow = {
      ...(input.DestinationConfig
        ? { ...rest, ...(await readDestinations(tx, ctx, key[0], input.DestinationConfig)) }
        : before),
      ...limitsOf(input),
      lastModifiedAt: ctx.clock.now(),
    };
    tx.put(eventInvokeConfigs, after);
    return after;
  });
  return describeEventInvokeConfig(row, ctx);
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html */
export const getFunctionEventInvokeConfig: Handler<LambdaApi["GetFunctionEventInvokeConfig"]> = async (input, ctx) => {
  const key = configKey(input.FunctionName, input.Qualifier, ctx);
  return describeEventInvokeConfig(await ctx.read((snapshot) => requireEventInvokeConfig(snapshot, ctx, key)), ctx);
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionEventInvokeConfig.html */
export const deleteFunctionEventInvokeConfig: Handler<LambdaApi["DeleteFunctionEventInvokeConfig"]> = async (
  input,
  ctx,
) => {
  const key = configKey(input.FunctionName, input.Qualifier, ctx);
  await ctx.write(async (tx) => {
    await requireEventInvokeConfig(tx, ctx, key);
    tx.delete(eventInvokeConfigs, key);
  });
  return {};
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html */
export const listFunctionEventInvokeConfigs: Handler<LambdaApi["ListFunctionEventInvokeConfigs"]> = async (
  input,
  ctx,
) => {
  const limit = pageLimit(input.MaxItems);
  const marker = readMarker(input.Marker, /^[$a-zA-Z0-9-_]+$/);
  return ctx.read(async (snapshot) => {
    const { name } = await requireLatest(snapshot, ctx, input.FunctionName);
    const found: FunctionEventInvokeConfig[] = [];
    let last = "";
    const after = marker === undefined ? {} : { after: [name, marker] };
    for await (const row of snapshot.list(eventInvokeConfigs, { prefix: [name], ...after })) {
      if (found.length === limit) return { FunctionEventInvokeConfigs: found, NextMarker: writeMarker(last) };
      found.push(describeEventInvokeConfig(row, ctx));
      last = row.qualifier;
    }
    return { FunctionEventInvokeConfigs: found };
  });
};

function limitsOf(input: Input): Pick<EventInvokeConfigRow, "maxRetries" | "maxAgeSeconds"> {
  const { MaximumRetryAttempts: maxRetries, MaximumEventAgeInSeconds: maxAgeSeconds } = input;
  return { ...(maxRetries !== undefined && { maxRetries }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
}

function requireSomething(input: Input): void {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  if (MaximumRetryAttempts !== undefined || MaximumEventAgeInSeconds !== undefined || DestinationConfig) return;
  throw new InvalidParameterValueException({
    Type: "User",
    message: "You must specify at least one of error handling or destination setting.",
  });
}
