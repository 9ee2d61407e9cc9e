import { ConflictException } from "../../../../api/apigateway/errors.ts";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { checkModels, checkResponseParameters } from "../../methods/check-method.ts";
import { describeMethodResponse } from "../../methods/describe-method.ts";
import { requireMethod, withEntry } from "../../records.ts";
import { methods, type MethodResponseRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html */
export const putMethodResponse: Handler<APIGatewayApi["PutMethodResponse"]> = async (input, ctx) => {
  checkModels(input.responseModels);
  checkResponseParameters(input.responseParameters);
  const { responseParameters, responseModels, statusCode } = input;
  const response: MethodResponseRow = defined({ responseParameters, responseModels });
  await ctx.write(async (tx) => {
    const row = await requireMethod(tx, input);
    if (Object.hasOwn(row.responses, statusCode)) {
      throw new ConflictException({ message: "Response already exists for this resource" });
    }
    tx.put(methods, { ...row, responses: withEntry(row.responses, statusCode, response) });
  });
  return describeMethodResponse(response, statusCode);
};
