import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { functionArn, requireTarget, versionOf } from "../../functions/function-name.ts";
import { functions, versions } from "../../state.ts";

/**
 * A record: a function runs on the interpreter that this machine has.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html
 */
export const putRuntimeManagementConfig: Handler<LambdaApi["PutRuntimeManagementConfig"]> = async (input, ctx) => {
  const { UpdateRuntimeOn: on, RuntimeVersionArn: versionArn } = input;
  if ((on === "Manual") !== (versionArn !== undefined)) {
    throw new InvalidParameterValueException({
      Type: "User",
      message:
        on === "Manual"
          ? "RuntimeVersionArn is required when UpdateRuntimeOn is Manual."
          : `RuntimeVersionArn is not allowed when UpdateRuntimeOn is ${on}.`,
    });
  }
  const FunctionArn = await ctx.write(async (tx) => {
    const { row } = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier);
    const runtimeUpdates = { on, ...(versionArn !== undefined && { versionArn }) };
    tx.put(row.version === undefined ? functions : versions, { ...row, runtimeUpdates });
    return functionArn(ctx, row.name, versionOf(row));
  });
  return { UpdateRuntimeOn: on, FunctionArn, ...(versionArn !== undefined && { RuntimeVersionArn: versionArn }) };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig: Handler<LambdaApi["GetRuntimeManagementConfig"]> = async (input, ctx) => {
  const { row } = await ctx.read((snapshot) => requireTarget(snapshot, ctx, input.FunctionName, input.Qualifier));
  const { on = "Auto", versionArn } = row.runtimeUpdates ?? {};
  return {
    UpdateRuntimeOn: on,
    FunctionArn: functionArn(ctx, row.name, versionOf(row)),
    ...(versionArn !== undefined && { RuntimeVersionArn: versionArn }),
  };
};
