/** The parts of an Amazon Resource Name. `region` and `account` are empty where AWS leaves them out. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the account: `table/users`, `function:hello:1`, `role/path/name`. */
  readonly resource: string;
}

/**
 * Parses an ARN, or answers undefined when the text is none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith("arn:")) return undefined;
  const parts = text.split(":");
  if (parts.length < 6) return undefined;
  const [, partition = "", service = "", region = "", account = "", ...resource] = parts;
  if (!partition || !service || resource.join(":") === "") return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
}

/** Writes an ARN of the `aws` partition. */
export function formatArn(service: string, region: string, account: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
