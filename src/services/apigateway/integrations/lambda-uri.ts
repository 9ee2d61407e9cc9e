/** The function that an integration's URI names. */
export interface LambdaTarget {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier?: string;
}

const uriForm =
  /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/{1,2}2015-03-31\/functions\/(?<target>[^/]+)\/invocations$/;
const functionForm =
  /^arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

const variable = /\$\{stageVariables\.([a-zA-Z0-9_]+)\}/g;

/**
 * The function of `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:…/invocations`, with stage
 * variables put in; undefined when it names none.
 */
export function parseLambdaUri(
  uri: string,
  variables: Readonly<Record<string, string>> = {},
): LambdaTarget | undefined {
  const filled = uri.replace(variable, (_, name: string) => (Object.hasOwn(variables, name) ? variables[name]! : ""));
  const target = uriForm.exec(filled)?.groups?.["target"];
  const parts = target === undefined ? undefined : functionForm.exec(target)?.groups;
  if (!parts) return undefined;
  const { account, region, name, qualifier } = parts;
  return { account: account!, region: region!, name: name!, ...(qualifier !== undefined && { qualifier }) };
}

/** Whether the URI is that of a function, perhaps one that stage variables name. */
export function isLambdaUri(uri: string): boolean {
  return (
    parseLambdaUri(uri.replace(variable, "x")) !== undefined || (/\$\{stageVariables\./.test(uri) && uriForm.test(uri))
  );
}
