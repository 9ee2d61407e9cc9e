import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { FunctionConfiguration, LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { functionArn } from "../../functions/function-name.ts";
import { functions } from "../../state.ts";

/** AWS answers at most 50 however many are asked for. */
const pageSize = 50;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export const listFunctions: Handler<LambdaApi["ListFunctions"]> = async (input, ctx) => {
  const limit = Math.min(input.MaxItems ?? pageSize, pageSize);
  const after = input.Marker === undefined ? undefined : parseMarker(input.Marker);
  return ctx.read(async (snapshot) => {
    const found: FunctionConfiguration[] = [];
    for await (const row of snapshot.list(functions, after === undefined ? {} : { after: [after] })) {
      if (found.length === limit) return { Functions: found, NextMarker: writeMarker(found.at(-1)!.FunctionName!) };
      const configuration = describeFunction(row, ctx);
      // Listings leave the state out, and with `ALL` name the version in the ARN.
      const { State: _, StateReason: __, StateReasonCode: ___, LastUpdateStatus: ____, ...listed } = configuration;
      found.push({
        ...listed,
        ...(input.FunctionVersion === "ALL" && { FunctionArn: functionArn(ctx, row.name, "$LATEST") }),
      });
    }
    return { Functions: found };
  });
};

function writeMarker(name: string): string {
  return Buffer.from(name).toString("base64url");
}

function parseMarker(marker: string): string {
  const name = Buffer.from(marker, "base64url").toString();
  if (!/^[a-zA-Z0-9-_]+$/.test(name))
    throw new InvalidParameterValueException({ Type: "User", message: "Invalid Marker" });
  return name;
}
