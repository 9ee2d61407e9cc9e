import { parseArn } from "../../../base/arn.ts";
import { validationException } from "../refusals.ts";
import { tableArn } from "../tables/table-name.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

const resourceForm = /^table\/([a-zA-Z0-9_.-]{1,255})\/stream\/([0-9T:.-]{1,40})$/;

export function streamArn(at: Place, tableName: string, label: string): string {
  return `${tableArn(at, tableName)}/stream/${label}`;
}

/** AWS's StreamLabel: the time without its zone. */
export function streamLabel(createdAt: number): string {
  return new Date(createdAt).toISOString().slice(0, -1);
}

/**
 * What a stream's ARN names; undefined when the stream belongs to another account or region.
 * @throws ValidationException when it is no stream's ARN
 */
export function findStreamKey(arn: string, at: Place): readonly [tableName: string, label: string] | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === "dynamodb" ? resourceForm.exec(parsed.resource) : undefined;
  if (!parsed || !match) throw validationException(`Invalid StreamArn: ${arn}`);
  return parsed.account === at.account && parsed.region === at.region ? [match[1]!, match[2]!] : undefined;
}
