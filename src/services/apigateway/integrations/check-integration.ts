import type { PutIntegrationRequest } from "../../../api/apigateway/types.ts";
import { parseArn } from "../../../base/arn.ts";
import { badRequest, notImplemented } from "../refusals.ts";
import type { IntegrationRow, MethodRow } from "../state.ts";
import { checkTemplates } from "../templates/compile-template.ts";
import { invalidMapping, invalidMappingParameter } from "../methods/check-method.ts";
import { isLambdaUri } from "./lambda-uri.ts";
import { parseMappingSource } from "./mapping-source.ts";
import { compileSelectionPattern, PatternError } from "./selection-pattern.ts";

/** Refuses what an integration cannot do, here or on AWS. Asked again after each change. */
export function checkIntegration(integration: IntegrationRow): void {
  const { timeoutInMillis } = integration;
  if (!(timeoutInMillis >= 50 && timeoutInMillis <= 29_000)) {
    throw badRequest("Timeout should be between 50 ms and 29000 ms");
  }
  if (integration.type !== "MOCK") checkLambdaTarget(integration);
  checkRequestMapping(integration);
  // Proxies hand the request on as it is, and never look at templates.
  if (integration.type !== "AWS_PROXY") checkTemplates(integration.requestTemplates);
}

function checkLambdaTarget({ type, uri, httpMethod, credentials }: IntegrationRow): void {
  if (httpMethod === undefined) throw badRequest("Enumeration value for HttpMethod must be non-empty");
  if (uri === undefined || !uri.startsWith("arn:")) throw badRequest("Invalid ARN specified in the request");
  const [, , service, , , path = ""] = uri.split(":");
  if (service !== "apigateway" || !/^(?:path|action)\//.test(path)) {
    throw badRequest("AWS ARN for integration must contain path or action");
  }
  const integrated = uri.split(":")[4]!;
  if (integrated !== "lambda") {
    if (type === "AWS_PROXY") {
      throw badRequest(
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
      );
    }
    throw notImplemented(`an integration with the service ${integrated}`, "Lambda functions can be integrated.");
  }
  if (uri.endsWith("/response-streaming-invocations")) throw notImplemented("response streaming");
  if (!isLambdaUri(uri)) throw badRequest("Invalid function ARN or invalid uri");
  if (credentials === undefined) return;
  const role = parseArn(credentials);
  if (credentials === "arn:aws:iam::*:user/*") throw notImplemented("calling with the caller's own credentials");
  if (role?.service !== "iam" || !role.resource.startsWith("role/")) {
    throw badRequest("Invalid ARN specified in the request");
  }
}

const integrationParameter =
  /^integration\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)$/;

/** Of all that can be mapped into a request, a function sees only the type of its invocation. */
function checkRequestMapping({ type, requestParameters }: IntegrationRow): void {
  for (const [parameter, source] of Object.entries(requestParameters ?? {})) {
    const [, place, name] = integrationParameter.exec(parameter) ?? [];
    if (place === undefined) throw invalidMappingParameter(parameter);
    if (!/^'.*'$/.test(source) && !/^(?:method\.request\.|context\.|stageVariables\.)/.test(source)) {
      throw invalidMapping(`Invalid mapping expression specified: ${source}`);
    }
    if (type === "MOCK" || place === "path") continue;
    if (type === "AWS" && place === "header" && name!.toLowerCase() === "x-amz-invocation-type") {
      if (source === "'Event'" || source === "'RequestResponse'") continue;
    }
    throw notImplemented(`the mapping of ${parameter} to ${source} for Lambda functions`);
  }
}

/** Settings of PutIntegration whose effect is not built. */
export function refuseUnbuilt(input: PutIntegrationRequest): void {
  const { type } = input;
  if (type === "HTTP" || type === "HTTP_PROXY") throw notImplemented(`the integration type ${type}`);
  if (input.connectionType === "VPC_LINK") throw notImplemented("the connection type VPC_LINK");
  if (input.connectionId) throw notImplemented("connectionId of integrations (VPC links)");
  if (input.contentHandling !== undefined) refuseContentHandling(type, input.contentHandling);
  if (input.tlsConfig?.insecureSkipVerification) throw notImplemented("tlsConfig of integrations");
  if (input.responseTransferMode === "STREAM") throw notImplemented("response streaming");
  if (input.integrationTarget !== undefined) throw notImplemented("integrationTarget");
}

/** A proxied function gets text anyway. */
export function refuseContentHandling(type: string, handling: string): void {
  if (type === "AWS_PROXY" && handling === "CONVERT_TO_TEXT") return;
  throw notImplemented(`content handling ${handling} of the integration type ${type}`);
}

export function readPassthroughBehavior(value: string | undefined): IntegrationRow["passthroughBehavior"] {
  switch (value) {
    case undefined:
      return "WHEN_NO_MATCH";
    case "WHEN_NO_MATCH":
    case "WHEN_NO_TEMPLATES":
    case "NEVER":
      return value;
    default:
      throw badRequest("Invalid passthrough behavior specified");
  }
}

/** Refuses an integration response that the method does not declare, or that cannot be carried out. */
export function checkIntegrationResponse(
  method: MethodRow,
  statusCode: string,
  response: IntegrationRow["responses"][string],
): void {
  const declared = Object.hasOwn(method.responses, statusCode) ? method.responses[statusCode] : undefined;
  for (const [parameter, source] of Object.entries(response.responseParameters ?? {})) {
    if (!declared) throw invalidMapping("No method response exists for method.");
    if (!Object.hasOwn(declared.responseParameters ?? {}, parameter)) throw invalidMappingParameter(parameter);
    const parsed = parseMappingSource(source);
    if (parsed === undefined) throw invalidMapping(`Invalid mapping expression specified: ${source}`);
    if (parsed.kind === "unsupported") throw notImplemented(`the mapping source ${source} of integration responses`);
  }
  checkSelectionPattern(response.selectionPattern);
  if (method.integration?.type !== "AWS_PROXY") checkTemplates(response.responseTemplates, "response");
}

function checkSelectionPattern(pattern: string | undefined): void {
  if (pattern === undefined || pattern === "") return;
  try {
    compileSelectionPattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (error.unsupported) throw notImplemented(`in selection patterns, ${error.message}`);
    throw badRequest(`Invalid selection pattern specified: ${error.message}`);
  }
}
