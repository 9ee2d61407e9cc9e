import { ConflictException } from "../../../../api/apigateway/errors.ts";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import {
  checkAuthorizationType,
  checkHttpMethod,
  checkModels,
  checkRequestParameters,
  refuseApiKeyRequired,
  refuseAuthorizer,
  refuseRequestValidator,
} from "../../methods/check-method.ts";
import { describeMethod } from "../../methods/describe-method.ts";
import { requireResource } from "../../records.ts";
import { methods, type MethodRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html */
export const putMethod: Handler<APIGatewayApi["PutMethod"]> = async (input, ctx) => {
  const { restApiId, resourceId, httpMethod, authorizationType } = input;
  checkHttpMethod(httpMethod);
  const row = await ctx.write(async (tx): Promise<MethodRow> => {
    await requireResource(tx, restApiId, resourceId);
    checkAuthorizationType(authorizationType);
    if (input.authorizerId || input.authorizationScopes?.length) refuseAuthorizer();
    if (input.apiKeyRequired) refuseApiKeyRequired();
    if (input.requestValidatorId !== undefined) refuseRequestValidator();
    checkModels(input.requestModels);
    checkRequestParameters(input.requestParameters);
    if (await tx.get(methods, [restApiId, resourceId, httpMethod])) {
      throw new ConflictException({ message: "Method already exists for this resource" });
    }
    const made: MethodRow = defined({
      apiId: restApiId,
      resourceId,
      httpMethod,
      authorizationType,
      operationName: input.operationName,
      requestParameters: input.requestParameters,
      requestModels: input.requestModels,
      responses: {},
    });
    tx.put(methods, made);
    return made;
  });
  return describeMethod(row);
};
