import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireMethod, withoutEntry } from "../../records.ts";
import { missing } from "../../refusals.ts";
import { methods } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteMethodResponse.html */
export const deleteMethodResponse: Handler<APIGatewayApi["DeleteMethodResponse"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const row = await requireMethod(tx, input);
    if (!Object.hasOwn(row.responses, input.statusCode)) throw missing.response();
    tx.put(methods, { ...row, responses: withoutEntry(row.responses, input.statusCode) ?? {} });
  });
  return {};
};
