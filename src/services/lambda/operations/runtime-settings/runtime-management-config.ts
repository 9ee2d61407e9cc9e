import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { functionArn, requireTarget, versionOf } from "../../functions/function-name.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { functions, versions } from "../../state.ts";

/**
 * A record, since the interpreter changes only when the machine's does. A version of a runtime cannot be had here, so the
 * mode that asks for one is refused.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html
 */
export const putRuntimeManagementConfig: Handler<LambdaApi["PutRuntimeManagementConfig"]> = async (input, ctx) => {
  const { UpdateRuntimeOn: on, RuntimeVersionArn: versionArn } = input;
  if (on === "Manual" && versionArn === undefined) {
    throw invalid("RuntimeVersionArn is required when UpdateRuntimeOn is Manual.");
  }
  if (on === "Manual") throw notImplemented("versions of runtimes (UpdateRuntimeOn Manual) are");
  if (versionArn !== undefined) throw invalid(`RuntimeVersionArn is not allowed when UpdateRuntimeOn is ${on}.`);
  const FunctionArn = await ctx.write(async (tx) => {
    const { row } = await requireTarget(tx, ctx, input.FunctionName, input.Qualifier);
    tx.put(row.version === undefined ? functions : versions, { ...row, runtimeUpdates: { on } });
    return functionArn(ctx, row.name, versionOf(row));
  });
  return { UpdateRuntimeOn: on, FunctionArn };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig: Handler<LambdaApi["GetRuntimeManagementConfig"]> = async (input, ctx) => {
  const { row } = await ctx.read((snapshot) => requireTarget(snapshot, ctx, input.FunctionName, input.Qualifier));
  return {
    UpdateRuntimeOn: row.runtimeUpdates?.on ?? "Auto",
    FunctionArn: functionArn(ctx, row.name, versionOf(row)),
  };
};

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ Type: "User", message });
}
