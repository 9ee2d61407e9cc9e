import type { LambdaApi } from "../../api/lambda/types.ts";
import { createPolicyEvaluator } from "../../languages/iam-policy/policy-evaluator.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { access } from "./access.ts";
import { functionUrlEndpoint } from "./endpoints/function-url.ts";
import { packageEndpoint } from "./endpoints/package.ts";
import { lambdaParts } from "./functions/lambda-parts.ts";
import { resourcePolicy } from "./functions/resource-policy.ts";
import { Fleet, type FleetOptions } from "./invocation/fleet.ts";
import { createAlias } from "./operations/aliases/create-alias.ts";
import { deleteAlias } from "./operations/aliases/delete-alias.ts";
import { getAlias } from "./operations/aliases/get-alias.ts";
import { listAliases } from "./operations/aliases/list-aliases.ts";
import { updateAlias } from "./operations/aliases/update-alias.ts";
import {
  deleteFunctionConcurrency,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from "./operations/concurrency/function-concurrency.ts";
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from "./operations/event-invoke-config/event-invoke-config.ts";
import { createFunction } from "./operations/functions/create-function.ts";
import { deleteFunction } from "./operations/functions/delete-function.ts";
import { getFunction } from "./operations/functions/get-function.ts";
import { getFunctionCodeSigningConfig } from "./operations/functions/get-function-code-signing-config.ts";
import { getFunctionConfiguration } from "./operations/functions/get-function-configuration.ts";
import { listFunctions } from "./operations/functions/list-functions.ts";
import { listVersionsByFunction } from "./operations/functions/list-versions-by-function.ts";
import { updateFunctionCode } from "./operations/functions/update-function-code.ts";
import { updateFunctionConfiguration } from "./operations/functions/update-function-configuration.ts";
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from "./operations/function-urls/function-url-config.ts";
import { invokeWithResponseStream } from "./operations/invoke-with-response-stream.ts";
import { getAccountSettings } from "./operations/get-account-settings.ts";
import { invoke } from "./operations/invoke.ts";
import { deleteLayerVersion } from "./operations/layers/delete-layer-version.ts";
import { getLayerVersion, getLayerVersionByArn } from "./operations/layers/get-layer-version.ts";
import {
  addLayerVersionPermission,
  getLayerVersionPolicy,
  removeLayerVersionPermission,
} from "./operations/layers/layer-version-policy.ts";
import { listLayers, listLayerVersions } from "./operations/layers/list-layers.ts";
import { publishLayerVersion } from "./operations/layers/publish-layer-version.ts";
import { addPermission } from "./operations/permissions/add-permission.ts";
import { getPolicy } from "./operations/permissions/get-policy.ts";
import { removePermission } from "./operations/permissions/remove-permission.ts";
import { publishVersion } from "./operations/versions/publish-version.ts";
import {
  getFunctionRecursionConfig,
  putFunctionRecursionConfig,
} from "./operations/runtime-settings/recursion-config.ts";
import {
  getRuntimeManagementConfig,
  putRuntimeManagementConfig,
} from "./operations/runtime-settings/runtime-management-config.ts";
import { listTags, tagResource, untagResource } from "./operations/tags.ts";

/** AWS Lambda. */
export function lambdaService(options: FleetOptions): ServiceDefinition<LambdaApi> {
  const fleet = new Fleet(options);
  const functionUrl = functionUrlEndpoint(fleet, createPolicyEvaluator());
  const parts = lambdaParts(fleet);
  return {
    name: "lambda",
    iamPrefix: "lambda",
    scope: "regional",
    operations: {
      AddLayerVersionPermission: addLayerVersionPermission,
      AddPermission: addPermission,
      CreateAlias: createAlias,
      CreateFunction: createFunction(parts),
      CreateFunctionUrlConfig: createFunctionUrlConfig,
      DeleteAlias: deleteAlias,
      DeleteFunction: deleteFunction(parts),
      DeleteFunctionConcurrency: deleteFunctionConcurrency,
      DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
      DeleteFunctionUrlConfig: deleteFunctionUrlConfig,
      DeleteLayerVersion: deleteLayerVersion,
      GetAccountSettings: getAccountSettings,
      GetAlias: getAlias,
      GetFunction: getFunction,
      GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig,
      GetFunctionConcurrency: getFunctionConcurrency,
      GetFunctionConfiguration: getFunctionConfiguration,
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
      GetFunctionRecursionConfig: getFunctionRecursionConfig,
      GetFunctionUrlConfig: getFunctionUrlConfig,
      GetLayerVersion: getLayerVersion,
      GetLayerVersionByArn: getLayerVersionByArn,
      GetLayerVersionPolicy: getLayerVersionPolicy,
      GetPolicy: getPolicy,
      GetRuntimeManagementConfig: getRuntimeManagementConfig,
      Invoke: invoke(parts),
      InvokeWithResponseStream: invokeWithResponseStream(parts),
      ListAliases: listAliases,
      ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,
      ListFunctionUrlConfigs: listFunctionUrlConfigs,
      ListFunctions: listFunctions,
      ListLayerVersions: listLayerVersions,
      ListLayers: listLayers,
      ListTags: listTags,
      ListVersionsByFunction: listVersionsByFunction,
      PublishLayerVersion: publishLayerVersion,
      PublishVersion: publishVersion,
      PutFunctionConcurrency: putFunctionConcurrency,
      PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
      PutFunctionRecursionConfig: putFunctionRecursionConfig,
      PutRuntimeManagementConfig: putRuntimeManagementConfig,
      RemoveLayerVersionPermission: removeLayerVersionPermission,
      RemovePermission: removePermission,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateAlias: updateAlias,
      UpdateFunctionCode: updateFunctionCode(parts),
      UpdateFunctionConfiguration: updateFunctionConfiguration(parts),
      UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
      UpdateFunctionUrlConfig: updateFunctionUrlConfig,
    },
    access,
    resourcePolicy,
    jobs: [parts.activateFunction, parts.cleanUpFunction, parts.runAsyncInvocation],
    endpoints: { package: packageEndpoint, "function-url": functionUrl },
    close: () => fleet.close(),
  };
}
