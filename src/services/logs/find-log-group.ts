import { InvalidParameterException, ResourceNotFoundException } from "../../api/logs/errors.ts";
import { formatArn, parseArn } from "../../base/arn.ts";
import type { Snapshot } from "../../kernel/records.ts";
import { logGroups, logStreams, type LogGroupRow, type LogStreamRow } from "./state.ts";

/** What names a log group in a request: its name, or its name or ARN as identifier. */
export interface LogGroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group's name, from whichever of the two members was given. */
export function logGroupNameOf(reference: LogGroupReference): string {
  const { logGroupName: name, logGroupIdentifier: identifier } = reference;
  if (name !== undefined && identifier !== undefined) {
    throw new InvalidParameterException({
      message: "LogGroup name and LogGroup identifier are mutually exclusive parameters.",
    });
  }
  if (name !== undefined) return name;
  if (identifier === undefined) {
    throw new InvalidParameterException({ message: "Either LogGroup name or LogGroup identifier must be specified." });
  }
  return nameOfLogGroupArn(identifier) ?? identifier;
}

/** `arn:aws:logs:region:account:log-group:NAME`, with or without `:*` at the end. */
export function nameOfLogGroupArn(arn: string): string | undefined {
  const resource = parseArn(arn)?.resource;
  return resource?.startsWith("log-group:") ? resource.slice("log-group:".length).replace(/:\*$/, "") : undefined;
}

/** The ARN without `:*`, as tags and resource policies name the group. */
export function logGroupArn(at: { readonly account: string; readonly region: string }, name: string): string {
  return formatArn("logs", at.region, at.account, `log-group:${name}`);
}

export async function requireLogGroup(snapshot: Snapshot, name: string): Promise<LogGroupRow> {
  const group = await snapshot.get(logGroups, [name]);
  if (!group) throw new ResourceNotFoundException({ message: "The specified log group does not exist." });
  return group;
}

export async function requireLogStream(snapshot: Snapshot, group: LogGroupRow, name: string): Promise<LogStreamRow> {
  const stream = await snapshot.get(logStreams, [group.id, name]);
  if (!stream) throw new ResourceNotFoundException({ message: "The specified log stream does not exist." });
  return stream;
}
