import type { APIGatewayApi } from "../../api/apigateway/types.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { on } from "./access.ts";
import { stageEndpoint } from "./endpoints/stage.ts";
import { getAccount, updateAccount } from "./operations/account.ts";
import { createDeployment } from "./operations/deployments/create-deployment.ts";
import { deleteDeployment } from "./operations/deployments/delete-deployment.ts";
import { getDeployment } from "./operations/deployments/get-deployment.ts";
import { getDeployments } from "./operations/deployments/get-deployments.ts";
import { updateDeployment } from "./operations/deployments/update-deployment.ts";
import { deleteIntegrationResponse } from "./operations/integration-responses/delete-integration-response.ts";
import { getIntegrationResponse } from "./operations/integration-responses/get-integration-response.ts";
import { putIntegrationResponse } from "./operations/integration-responses/put-integration-response.ts";
import { updateIntegrationResponse } from "./operations/integration-responses/update-integration-response.ts";
import { deleteIntegration } from "./operations/integrations/delete-integration.ts";
import { getIntegration } from "./operations/integrations/get-integration.ts";
import { putIntegration } from "./operations/integrations/put-integration.ts";
import { updateIntegration } from "./operations/integrations/update-integration.ts";
import { deleteMethodResponse } from "./operations/method-responses/delete-method-response.ts";
import { getMethodResponse } from "./operations/method-responses/get-method-response.ts";
import { putMethodResponse } from "./operations/method-responses/put-method-response.ts";
import { updateMethodResponse } from "./operations/method-responses/update-method-response.ts";
import { deleteMethod } from "./operations/methods/delete-method.ts";
import { getMethod } from "./operations/methods/get-method.ts";
import { putMethod } from "./operations/methods/put-method.ts";
import { updateMethod } from "./operations/methods/update-method.ts";
import { getModel, getModels } from "./operations/models.ts";
import { createResource } from "./operations/resources/create-resource.ts";
import { deleteResource } from "./operations/resources/delete-resource.ts";
import { getResource } from "./operations/resources/get-resource.ts";
import { getResources } from "./operations/resources/get-resources.ts";
import { updateResource } from "./operations/resources/update-resource.ts";
import { createRestApi } from "./operations/rest-apis/create-rest-api.ts";
import { deleteRestApi } from "./operations/rest-apis/delete-rest-api.ts";
import { getRestApi } from "./operations/rest-apis/get-rest-api.ts";
import { getRestApis } from "./operations/rest-apis/get-rest-apis.ts";
import { updateRestApi } from "./operations/rest-apis/update-rest-api.ts";
import { createStage } from "./operations/stages/create-stage.ts";
import { deleteStage } from "./operations/stages/delete-stage.ts";
import { getStage } from "./operations/stages/get-stage.ts";
import { getStages } from "./operations/stages/get-stages.ts";
import { updateStage } from "./operations/stages/update-stage.ts";
import { getTags, tagResource, untagResource } from "./operations/tags.ts";

/** Amazon API Gateway: REST APIs. */
export function apigatewayService(): ServiceDefinition<APIGatewayApi> {
  return {
    name: "apigateway",
    iamPrefix: "apigateway",
    scope: "regional",
    operations: {
      CreateDeployment: createDeployment,
      CreateResource: createResource,
      CreateRestApi: createRestApi,
      CreateStage: createStage,
      DeleteDeployment: deleteDeployment,
      DeleteIntegration: deleteIntegration,
      DeleteIntegrationResponse: deleteIntegrationResponse,
      DeleteMethod: deleteMethod,
      DeleteMethodResponse: deleteMethodResponse,
      DeleteResource: deleteResource,
      DeleteRestApi: deleteRestApi,
      DeleteStage: deleteStage,
      GetAccount: getAccount,
      GetDeployment: getDeployment,
      GetDeployments: getDeployments,
      GetIntegration: getIntegration,
      GetIntegrationResponse: getIntegrationResponse,
      GetMethod: getMethod,
      GetMethodResponse: getMethodResponse,
      GetModel: getModel,
      GetModels: getModels,
      GetResource: getResource,
      GetResources: getResources,
      GetRestApi: getRestApi,
      GetRestApis: getRestApis,
      GetStage: getStage,
      GetStages: getStages,
      GetTags: getTags,
      PutIntegration: putIntegration,
      PutIntegrationResponse: putIntegrationResponse,
      PutMethod: putMethod,
      PutMethodResponse: putMethodResponse,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateAccount: updateAccount,
      UpdateDeployment: updateDeployment,
      UpdateIntegration: updateIntegration,
      UpdateIntegrationResponse: updateIntegrationResponse,
      UpdateMethod: updateMethod,
      UpdateMethodResponse: updateMethodResponse,
      UpdateResource: updateResource,
      UpdateRestApi: updateRestApi,
      UpdateStage: updateStage,
    },
    access: {
      CreateDeployment: on("POST", "/restapis/{restApiId}/deployments"),
      CreateResource: on("POST", "/restapis/{restApiId}/resources/{parentId}"),
      CreateRestApi: on("POST", "/restapis"),
      CreateStage: on("POST", "/restapis/{restApiId}/stages"),
      DeleteDeployment: on("DELETE", "/restapis/{restApiId}/deployments/{deploymentId}"),
      DeleteIntegration: on("DELETE", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration"),
      DeleteIntegrationResponse: on(
        "DELETE",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}",
      ),
      DeleteMethod: on("DELETE", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}"),
      DeleteMethodResponse: on(
        "DELETE",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}",
      ),
      DeleteResource: on("DELETE", "/restapis/{restApiId}/resources/{resourceId}"),
      DeleteRestApi: on("DELETE", "/restapis/{restApiId}"),
      DeleteStage: on("DELETE", "/restapis/{restApiId}/stages/{stageName}"),
      GetAccount: on("GET", "/account"),
      GetDeployment: on("GET", "/restapis/{restApiId}/deployments/{deploymentId}"),
      GetDeployments: on("GET", "/restapis/{restApiId}/deployments"),
      GetIntegration: on("GET", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration"),
      GetIntegrationResponse: on(
        "GET",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}",
      ),
      GetMethod: on("GET", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}"),
      GetMethodResponse: on(
        "GET",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}",
      ),
      GetModel: on("GET", "/restapis/{restApiId}/models/{modelName}"),
      GetModels: on("GET", "/restapis/{restApiId}/models"),
      GetResource: on("GET", "/restapis/{restApiId}/resources/{resourceId}"),
      GetResources: on("GET", "/restapis/{restApiId}/resources"),
      GetRestApi: on("GET", "/restapis/{restApiId}"),
      GetRestApis: on("GET", "/restapis"),
      GetStage: on("GET", "/restapis/{restApiId}/stages/{stageName}"),
      GetStages: on("GET", "/restapis/{restApiId}/stages"),
      GetTags: on("GET", "/tags/{resourceArn}"),
      PutIntegration: on("PUT", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration"),
      PutIntegrationResponse: on(
        "PUT",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}",
      ),
      PutMethod: on("PUT", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}"),
      PutMethodResponse: on(
        "PUT",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}",
      ),
      TagResource: on("PUT", "/tags/{resourceArn}"),
      UntagResource: on("DELETE", "/tags/{resourceArn}"),
      UpdateAccount: on("PATCH", "/account"),
      UpdateDeployment: on("PATCH", "/restapis/{restApiId}/deployments/{deploymentId}"),
      UpdateIntegration: on("PATCH", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration"),
      UpdateIntegrationResponse: on(
        "PATCH",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}",
      ),
      UpdateMethod: on("PATCH", "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}"),
      UpdateMethodResponse: on(
        "PATCH",
        "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}",
      ),
      UpdateResource: on("PATCH", "/restapis/{restApiId}/resources/{resourceId}"),
      UpdateRestApi: on("PATCH", "/restapis/{restApiId}"),
      UpdateStage: on("PATCH", "/restapis/{restApiId}/stages/{stageName}"),
    },
    endpoints: { stage: stageEndpoint() },
  };
}
