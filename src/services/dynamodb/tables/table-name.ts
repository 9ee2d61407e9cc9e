import { formatArn, parseArn } from "../../../base/arn.ts";
import { validationException } from "../refusals.ts";

const nameForm = /^[a-zA-Z0-9_.-]+$/;
const maxNameLength = 255;

interface Place {
  readonly account: string;
  readonly region: string;
}

export function tableArn(at: Place, tableName: string): string {
  return formatArn("dynamodb", at.region, at.account, `table/${tableName}`);
}

/**
 * The name of a table that is given by name or by ARN; undefined when the ARN belongs to another account or region.
 * @throws ValidationException when it can be neither
 */
export function findTableName(nameOrArn: string, at: Place): string | undefined {
  if (!nameOrArn.startsWith("arn:")) return requireTableName(nameOrArn, 1);
  const arn = parseArn(nameOrArn);
  if (arn?.service !== "dynamodb" || !arn.resource.startsWith("table/")) {
    throw validationException("Invalid table name or ARN");
  }
  const name = requireTableName(arn.resource.slice("table/".length), 1);
  return arn.account === at.account && arn.region === at.region ? name : undefined;
}

/** @throws ValidationException in the words of AWS's model checks; the model itself allows ARNs and so says less */
export function requireTableName(name: string, minLength: number): string {
  const failures: string[] = [];
  const fail = (constraint: string) =>
    failures.push(`Value '${name}' at 'tableName' failed to satisfy constraint: ${constraint}`);
  if (name.length < minLength) fail(`Member must have length greater than or equal to ${minLength}`);
  if (name.length > maxNameLength) fail(`Member must have length less than or equal to ${maxNameLength}`);
  if (!nameForm.test(name)) fail("Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  if (failures.length === 0) return name;
  const count = `${failures.length} validation error${failures.length > 1 ? "s" : ""} detected`;
  throw validationException(`${count}: ${failures.join("; ")}`);
}
