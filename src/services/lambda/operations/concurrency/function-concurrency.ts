import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Snapshot, Transaction } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { parseFunctionName, requireLatest } from "../../functions/function-name.ts";
import { applyReservation } from "../../functions/reservation.ts";
import { concurrencyLimit } from "../../invocation/fleet.ts";
import { functions, reservations, type FunctionRow } from "../../state.ts";

/** What all functions without a reservation share, at least. */
const leastUnreserved = 100;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
export const putFunctionConcurrency: Handler<LambdaApi["PutFunctionConcurrency"]> = async (input, ctx) => {
  const reserved = input.ReservedConcurrentExecutions;
  await ctx.write(async (tx) => {
    const row = await requireWhole(tx, ctx, input.FunctionName);
    const others = ((await tx.get(reservations, ["all"]))?.total ?? 0) - (row.reservedConcurrency ?? 0);
    if (concurrencyLimit - others - reserved < leastUnreserved) {
      throw new InvalidParameterValueException({
        Type: "User",
        message:
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution " +
          `below its minimum value of [${leastUnreserved}].`,
      });
    }
    await change(tx, row, reserved);
  });
  return { ReservedConcurrentExecutions: reserved };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html */
export const getFunctionConcurrency: Handler<LambdaApi["GetFunctionConcurrency"]> = async (input, ctx) => {
  const { reservedConcurrency } = await ctx.read((snapshot) => requireLatest(snapshot, ctx, input.FunctionName));
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html */
export const deleteFunctionConcurrency: Handler<LambdaApi["DeleteFunctionConcurrency"]> = async (input, ctx) => {
  await ctx.write(async (tx) => change(tx, await requireWhole(tx, ctx, input.FunctionName), undefined));
  return {};
};

async function requireWhole(
  snapshot: Snapshot,
  at: { readonly account: string; readonly region: string },
  functionName: string,
): Promise<FunctionRow> {
  if (parseFunctionName(functionName, at).qualifier !== undefined) {
    throw new InvalidParameterValueException({
      Type: "User",
      message:
        "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. " +
        "Please specify either a function name or an unqualified function ARN.",
    });
  }
  return requireLatest(snapshot, at, functionName);
}

async function change(tx: Transaction, row: FunctionRow, reserved: number | undefined): Promise<void> {
  await applyReservation(tx, row.reservedConcurrency ?? 0, reserved ?? 0);
  const { reservedConcurrency: _, ...rest } = row;
  tx.put(functions, { ...rest, ...(reserved !== undefined && { reservedConcurrency: reserved }) });
}
