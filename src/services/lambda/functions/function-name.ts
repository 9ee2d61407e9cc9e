import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import { formatArn } from "../../../base/arn.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { functions, type FunctionRow } from "../state.ts";

type Place = { readonly account: string; readonly region: string };

/**
 * The forms that name a function: `name`, `name:qualifier`, `account:function:name`, `function:name` and the whole ARN, each with or without
 * a qualifier.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
const nameForm =
  /^(?:arn:(?:aws[a-zA-Z-]*):lambda:(?<region>[a-z0-9-]+):(?=\d))?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

export interface FunctionReference extends Place {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** Reads a `FunctionName` member, which the model has already checked for its form. */
export function parseFunctionName(text: string, at: Place, qualifier?: string): FunctionReference {
  const groups = nameForm.exec(text)?.groups;
  if (!groups) {
    throw new InvalidParameterValueException({ Type: "User", message: `The function name "${text}" is not valid.` });
  }
  if (groups["qualifier"] !== undefined && qualifier !== undefined && groups["qualifier"] !== qualifier) {
    throw new InvalidParameterValueException({
      Type: "User",
      message: "The derived qualifier from the function name does not match the specified qualifier.",
    });
  }
  return {
    account: groups["account"] ?? at.account,
    region: groups["region"] ?? at.region,
    name: groups["name"]!,
    qualifier: qualifier ?? groups["qualifier"],
  };
}

export function functionArn(at: Place, name: string, qualifier?: string): string {
  return formatArn(
    "lambda",
    at.region,
    at.account,
    `function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`,
  );
}

/** Finds the function that a request names. Only `$LATEST` exists until versions and aliases do. */
export async function requireFunction(
  snapshot: Snapshot,
  at: Place,
  functionName: string,
  qualifier?: string,
): Promise<FunctionRow> {
  const reference = parseFunctionName(functionName, at, qualifier);
  const here = reference.account === at.account && reference.region === at.region;
  const found = here ? await snapshot.get(functions, [reference.name]) : undefined;
  const latest = reference.qualifier === undefined || reference.qualifier === "$LATEST";
  if (!found || !latest) {
    const arn = functionArn(reference, reference.name, reference.qualifier);
    throw new ResourceNotFoundException({ Type: "User", message: `Function not found: ${arn}` });
  }
  return found;
}
