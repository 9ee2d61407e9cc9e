import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi, LogGroup } from "../../../api/logs/types.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { logGroupArn, nameOfLogGroupArn } from "../find-log-group.ts";
import { readPageToken, writePageToken } from "../page-token.ts";
import { logGroups, logStreams, type LogGroupRow } from "../state.ts";

const defaultLimit = 50;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const describeLogGroups: Handler<CloudWatchLogsApi["DescribeLogGroups"]> = async (input, ctx) => {
  if (input.includeLinkedAccounts) {
    throw new AwsError({
      code: "NotImplemented",
      message: "CloudWatch Logs: includeLinkedAccounts of DescribeLogGroups is not implemented by Virga yet.",
      status: 501,
    });
  }
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
    throw new InvalidParameterException({
      message: "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    });
  }
  const limit = input.limit ?? defaultLimit;
  const names = input.logGroupIdentifiers?.map((identifier) => nameOfLogGroupArn(identifier) ?? identifier);
  const pattern = input.logGroupNamePattern?.toLowerCase();
  const wanted = (group: LogGroupRow) =>
    (names === undefined || names.includes(group.name)) &&
    (pattern === undefined || group.name.toLowerCase().includes(pattern)) &&
    (input.logGroupClass === undefined || group.class === input.logGroupClass);

  const prefix = input.logGroupNamePrefix ?? "";
  const after = input.nextToken === undefined ? undefined : readPageToken(input.nextToken, ["string"]);
  return ctx.read(async (snapshot) => {
    const found: LogGroup[] = [];
    let last = "";
    for await (const group of snapshot.list(logGroups, { from: [prefix], ...(after && { after }) })) {
      if (!group.name.startsWith(prefix)) break;
      if (!wanted(group)) continue;
      if (found.length === limit) return { logGroups: found, nextToken: writePageToken([last]) };
      found.push(await describe(snapshot, group, ctx));
      last = group.name;
    }
    return { logGroups: found };
  });
};

async function describe(snapshot: Snapshot, group: LogGroupRow, ctx: RequestContext): Promise<LogGroup> {
  let storedBytes = 0;
  for await (const stream of snapshot.list(logStreams, { prefix: [group.id] })) storedBytes += stream.storedBytes;
  const arn = logGroupArn(ctx, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    logGroupClass: group.class,
    logGroupArn: arn,
    deletionProtectionEnabled: group.deletionProtectionEnabled,
  };
}
