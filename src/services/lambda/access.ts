import type { LambdaApi } from "../../api/lambda/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import { functionArn, parseFunctionName } from "./functions/function-name.ts";
import { layerArn, parseLayerName } from "./layers/layer-version.ts";

type Place = { readonly account: string; readonly region: string };

/** The ARN with the qualifier, where the request gives one. */
const onFunction = (input: { FunctionName: string; Qualifier?: string | undefined }, at: Place): readonly Access[] => {
  const named = parseFunctionName(input.FunctionName, at, input.Qualifier);
  return [{ resource: functionArn(named, named.name, named.qualifier) }];
};
/** With what a request would set, as conditions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
const onFunctionWith =
  <Input extends { FunctionName: string; Qualifier?: string | undefined }>(
    conditionsOf: (input: Input) => Readonly<Record<string, string | readonly string[] | undefined>>,
  ) =>
  (input: Input, at: Place): readonly Access[] => {
    const given = Object.entries(conditionsOf(input)).filter((entry): entry is [string, string] => !!entry[1]);
    return onFunction(input, at).map((access) => ({ ...access, conditions: Object.fromEntries(given) }));
  };
const withUrlType = onFunctionWith((input: { FunctionName: string; Qualifier?: string; AuthType?: string }) => ({
  "lambda:FunctionUrlAuthType": input.AuthType,
}));
const withLayers = onFunctionWith((input: { FunctionName: string; Layers?: readonly string[] | undefined }) => ({
  "lambda:Layer": input.Layers,
}));
/** Who gives a function a role must be allowed to: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
const withLayersAndRole = (
  input: { FunctionName: string; Layers?: readonly string[] | undefined; Role?: string | undefined },
  at: Place,
): readonly Access[] => {
  const accesses = withLayers(input, at);
  if (input.Role === undefined) return accesses;
  const conditions = { "iam:PassedToService": "lambda.amazonaws.com" };
  return [...accesses, { resource: input.Role, action: "iam:PassRole", conditions }];
};
const onInvoke = (input: { FunctionName: string; Qualifier?: string | undefined }, at: Place): readonly Access[] =>
  onFunction(input, at).map((access) => ({ ...access, action: "lambda:InvokeFunction" }));
const onLayer = (input: { LayerName: string }, at: Place): readonly Access[] => {
  const { name, ...place } = parseLayerName(input.LayerName, at);
  return [{ resource: layerArn(place, name) }];
};
const onLayerVersion = (input: { LayerName: string; VersionNumber: number }, at: Place): readonly Access[] => {
  const { name, ...place } = parseLayerName(input.LayerName, at);
  return [{ resource: layerArn(place, name, input.VersionNumber) }];
};
const onResource = (input: { Resource: string }): readonly Access[] => [{ resource: input.Resource }];

/** What each operation touches, for access control. */
export const access: NonNullable<ServiceDefinition<LambdaApi>["access"]> = {
  AddLayerVersionPermission: onLayerVersion,
  AddPermission: onFunctionWith((input) => ({
    "lambda:Principal": input.Principal,
    "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType,
  })),
  CreateAlias: onFunction,
  CreateFunction: withLayersAndRole,
  CreateFunctionUrlConfig: withUrlType,
  DeleteAlias: onFunction,
  DeleteFunction: onFunction,
  DeleteFunctionConcurrency: onFunction,
  DeleteFunctionEventInvokeConfig: onFunction,
  DeleteFunctionUrlConfig: onFunction,
  DeleteLayerVersion: onLayerVersion,
  GetAlias: onFunction,
  GetFunction: onFunction,
  GetFunctionCodeSigningConfig: onFunction,
  GetFunctionConcurrency: onFunction,
  GetFunctionConfiguration: onFunction,
  GetFunctionEventInvokeConfig: onFunction,
  GetFunctionRecursionConfig: onFunction,
  GetFunctionUrlConfig: onFunction,
  GetLayerVersion: onLayerVersion,
  GetLayerVersionByArn: (input) => [{ resource: input.Arn, action: "lambda:GetLayerVersion" }],
  GetLayerVersionPolicy: onLayerVersion,
  GetPolicy: onFunction,
  GetRuntimeManagementConfig: onFunction,
  Invoke: onInvoke,
  InvokeWithResponseStream: onInvoke,
  ListAliases: onFunction,
  ListFunctionEventInvokeConfigs: onFunction,
  ListFunctionUrlConfigs: onFunction,
  ListTags: onResource,
  ListVersionsByFunction: onFunction,
  PublishLayerVersion: onLayer,
  PublishVersion: onFunction,
  PutFunctionConcurrency: onFunction,
  PutFunctionEventInvokeConfig: onFunction,
  PutFunctionRecursionConfig: onFunction,
  PutRuntimeManagementConfig: onFunction,
  RemoveLayerVersionPermission: onLayerVersion,
  RemovePermission: onFunction,
  TagResource: onResource,
  UntagResource: onResource,
  UpdateAlias: onFunction,
  UpdateFunctionCode: onFunction,
  UpdateFunctionConfiguration: withLayersAndRole,
  UpdateFunctionEventInvokeConfig: onFunction,
  UpdateFunctionUrlConfig: withUrlType,
};
