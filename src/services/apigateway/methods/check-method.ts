import { badRequest, notImplemented } from "../refusals.ts";

const httpMethods: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"]);

export function checkHttpMethod(httpMethod: string): void {
  if (httpMethods.has(httpMethod)) return;
  throw badRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
}

/** Who may call is not checked yet, so only methods that are open to everybody can be made. */
export function checkAuthorizationType(type: string): asserts type is "NONE" {
  if (type === "NONE") return;
  if (type === "AWS_IAM" || type === "CUSTOM" || type === "COGNITO_USER_POOLS") {
    throw notImplemented(`the authorization type ${type} of methods`, "Use NONE.");
  }
  throw badRequest("Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS");
}

export function refuseApiKeyRequired(): never {
  throw notImplemented("apiKeyRequired of methods", "Set it to false.");
}

export function refuseAuthorizer(): never {
  throw notImplemented("authorizers of methods (authorizerId, authorizationScopes)");
}

export function refuseRequestValidator(): never {
  throw notImplemented("requestValidatorId of methods");
}

/** The models that every API has from its creation. */
const defaultModels: ReadonlySet<string> = new Set(["Empty", "Error"]);

export function checkModels(models: Readonly<Record<string, string>> | undefined): void {
  for (const name of Object.values(models ?? {})) {
    if (!defaultModels.has(name)) throw notImplemented(`the model ${name} (any besides Empty and Error)`);
  }
}

const requestParameter =
  /^method\.request\.(?:path|querystring|header|multivaluequerystring|multivalueheader)\.([a-zA-Z0-9._$-]+)$/;

/** Flags say what is required, which takes a request validator to have an effect. */
export function checkRequestParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  const names = new Set<string>();
  for (const parameter of Object.keys(parameters ?? {})) {
    const name = requestParameter.exec(parameter)?.[1];
    if (name === undefined) throw invalidMappingParameter(parameter);
    if (names.has(name)) throw badRequest("Parameter names must be unique across querystring, header and path");
    names.add(name);
  }
}

const responseParameter = /^method\.response\.(?:header|multivalueheader)\.[a-zA-Z0-9._$-]+$/;

export function checkResponseParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const parameter of Object.keys(parameters ?? {})) {
    if (!responseParameter.test(parameter)) throw invalidMappingParameter(parameter);
  }
}

/** How AWS refuses everything about mapped parameters. */
export function invalidMapping(error: string): Error {
  return badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);
}

export function invalidMappingParameter(parameter: string): Error {
  return invalidMapping(`Invalid mapping expression parameter specified: ${parameter}`);
}
