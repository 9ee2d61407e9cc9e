import type { LambdaApi } from "../../api/lambda/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import { packageEndpoint } from "./endpoints/package.ts";
import { functionArn, parseFunctionName } from "./functions/function-name.ts";
import { lambdaParts } from "./functions/lambda-parts.ts";
import { resourcePolicy } from "./functions/resource-policy.ts";
import { Fleet, type FleetOptions } from "./invocation/fleet.ts";
import { createFunction } from "./operations/functions/create-function.ts";
import { deleteFunction } from "./operations/functions/delete-function.ts";
import { getFunction } from "./operations/functions/get-function.ts";
import { getFunctionCodeSigningConfig } from "./operations/functions/get-function-code-signing-config.ts";
import { getFunctionConfiguration } from "./operations/functions/get-function-configuration.ts";
import { listFunctions } from "./operations/functions/list-functions.ts";
import { listVersionsByFunction } from "./operations/functions/list-versions-by-function.ts";
import { updateFunctionCode } from "./operations/functions/update-function-code.ts";
import { updateFunctionConfiguration } from "./operations/functions/update-function-configuration.ts";
import { getAccountSettings } from "./operations/get-account-settings.ts";
import { invoke } from "./operations/invoke.ts";
import { addPermission } from "./operations/permissions/add-permission.ts";
import { getPolicy } from "./operations/permissions/get-policy.ts";
import { removePermission } from "./operations/permissions/remove-permission.ts";
import { listTags, tagResource, untagResource } from "./operations/tags.ts";

type Place = { readonly account: string; readonly region: string };

const onFunction = (input: { FunctionName: string }, at: Place): readonly Access[] => {
  const named = parseFunctionName(input.FunctionName, at);
  return [{ resource: functionArn(named, named.name) }];
};
const onResource = (input: { Resource: string }): readonly Access[] => [{ resource: input.Resource }];

/** AWS Lambda. */
export function lambdaService(options: FleetOptions): ServiceDefinition<LambdaApi> {
  const fleet = new Fleet(options);
  const parts = lambdaParts(fleet);
  return {
    name: "lambda",
    iamPrefix: "lambda",
    scope: "regional",
    operations: {
      AddPermission: addPermission,
      CreateFunction: createFunction(parts),
      DeleteFunction: deleteFunction(parts),
      GetAccountSettings: getAccountSettings,
      GetFunction: getFunction,
      GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig,
      GetFunctionConfiguration: getFunctionConfiguration,
      GetPolicy: getPolicy,
      Invoke: invoke(parts),
      ListFunctions: listFunctions,
      ListTags: listTags,
      ListVersionsByFunction: listVersionsByFunction,
      RemovePermission: removePermission,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateFunctionCode: updateFunctionCode(parts),
      UpdateFunctionConfiguration: updateFunctionConfiguration(parts),
    },
    access: {
      AddPermission: onFunction,
      CreateFunction: onFunction,
      DeleteFunction: onFunction,
      GetFunction: onFunction,
      GetFunctionCodeSigningConfig: onFunction,
      GetFunctionConfiguration: onFunction,
      GetPolicy: onFunction,
      Invoke: (input, at) => onFunction(input, at).map((access) => ({ ...access, action: "lambda:InvokeFunction" })),
      ListTags: onResource,
      ListVersionsByFunction: onFunction,
      RemovePermission: onFunction,
      TagResource: onResource,
      UntagResource: onResource,
      UpdateFunctionCode: onFunction,
      UpdateFunctionConfiguration: onFunction,
    },
    resourcePolicy,
    jobs: [parts.activateFunction, parts.cleanUpFunction, parts.runAsyncInvocation],
    endpoints: { package: packageEndpoint },
    close: () => fleet.close(),
  };
}
