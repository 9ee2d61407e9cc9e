import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import { formatArn } from "../../../base/arn.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { aliases, functions, versions, type AliasRow, type FunctionRow } from "../state.ts";

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

/** What a request names: the function itself, one of its versions, or the version behind an alias. */
export interface FunctionTarget {
  /** The version that is meant: `$LATEST`, a published one, or the alias's first. */
  readonly row: FunctionRow;
  readonly latest: FunctionRow;
  readonly alias?: AliasRow;
  /** As the request gave it. */
  readonly qualifier: string | undefined;
  /** With the qualifier that the request gave. */
  readonly arn: string;
}

/** @throws {ResourceNotFoundException} when function, version or alias does not exist. */
export async function requireTarget(
  snapshot: Snapshot,
  at: Place,
  functionName: string,
  givenQualifier?: string,
): Promise<FunctionTarget> {
  const reference = parseFunctionName(functionName, at, givenQualifier);
  const { name, qualifier } = reference;
  const arn = functionArn(reference, name, qualifier);
  const here = reference.account === at.account && reference.region === at.region;
  const latest = here ? await snapshot.get(functions, [name]) : undefined;
  if (!latest) throw functionNotFound(arn);
  if (qualifier === undefined || qualifier === "$LATEST") return { row: latest, latest, qualifier, arn };
  const alias = versionForm.test(qualifier) ? undefined : await snapshot.get(aliases, [name, qualifier]);
  const row = await findVersion(snapshot, latest, alias?.version ?? qualifier);
  if (!row) throw functionNotFound(arn);
  return { row, latest, ...(alias && { alias }), qualifier, arn };
}

const versionForm = /^(0|[1-9]\d{0,15})$/;

/** `$LATEST` or a published version, by what a client writes. */
export async function findVersion(
  snapshot: Snapshot,
  latest: FunctionRow,
  version: string,
): Promise<FunctionRow | undefined> {
  if (version === "$LATEST") return latest;
  if (!versionForm.test(version)) return undefined;
  return snapshot.get(versions, [latest.name, Number(version)]);
}

/** For what belongs to the function as a whole: a version or alias is none of it. */
export async function requireLatest(snapshot: Snapshot, at: Place, functionName: string): Promise<FunctionRow> {
  const { latest, qualifier, arn } = await requireTarget(snapshot, at, functionName);
  if (qualifier === undefined || qualifier === "$LATEST") return latest;
  throw functionNotFound(arn);
}

export function functionNotFound(arn: string): ResourceNotFoundException {
  return new ResourceNotFoundException({ Type: "User", message: `Function not found: ${arn}` });
}

/** As AWS prints it. */
export function versionOf(row: FunctionRow): string {
  return row.version === undefined ? "$LATEST" : String(row.version);
}
