import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi, LogStream } from "../../../api/logs/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import { logGroupArn, logGroupNameOf, requireLogGroup } from "../find-log-group.ts";
import { readPageToken, writePageToken } from "../page-token.ts";
import { logStreams, type LogStreamRow } from "../state.ts";

const defaultLimit = 50;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export const describeLogStreams: Handler<CloudWatchLogsApi["DescribeLogStreams"]> = async (input, ctx) => {
  const name = logGroupNameOf(input);
  const byTime = input.orderBy === "LastEventTime";
  if (byTime && input.logStreamNamePrefix !== undefined) {
    throw new InvalidParameterException({
      message: "Cannot order by LastEventTime with a logStreamNamePrefix.",
    });
  }
  const prefix = input.logStreamNamePrefix ?? "";
  const position = input.nextToken === undefined ? undefined : readPageToken(input.nextToken, ["number", "string"]);
  const streams = await ctx.read(async (snapshot) => {
    const group = await requireLogGroup(snapshot, name);
    const found: LogStreamRow[] = [];
    for await (const stream of snapshot.list(logStreams, { prefix: [group.id], from: [group.id, prefix] })) {
      if (!stream.name.startsWith(prefix)) break;
      found.push(stream);
    }
    return found;
  });

  const timeOf = (stream: LogStreamRow) => (byTime ? (stream.lastEventAt ?? 0) : 0);
  const direction = input.descending ? -1 : 1;
  const order = (aTime: number, aName: string, bTime: number, bName: string) =>
    direction * (aTime - bTime || (aName < bName ? -1 : aName > bName ? 1 : 0));
  streams.sort((a, b) => order(timeOf(a), a.name, timeOf(b), b.name));
  const rest = position
    ? streams.filter((stream) => order(timeOf(stream), stream.name, position[0] as number, position[1] as string) > 0)
    : streams;
  const page = rest.slice(0, input.limit ?? defaultLimit);
  const last = page.at(-1);
  return {
    logStreams: page.map((stream) => describe(stream, name, ctx)),
    ...(last && rest.length > page.length && { nextToken: writePageToken([timeOf(last), last.name]) }),
  };
};

function describe(stream: LogStreamRow, groupName: string, ctx: RequestContext): LogStream {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(stream.firstEventAt !== undefined && { firstEventTimestamp: stream.firstEventAt }),
    ...(stream.lastEventAt !== undefined && { lastEventTimestamp: stream.lastEventAt }),
    ...(stream.lastIngestionAt !== undefined && { lastIngestionTime: stream.lastIngestionAt }),
    uploadSequenceToken: uploadSequenceToken(stream),
    arn: `${logGroupArn(ctx, groupName)}:log-stream:${stream.name}`,
    // AWS stopped counting bytes per stream in 2019 and answers zero.
    storedBytes: 0,
  };
}

/** Kept for old clients; AWS has ignored the token they send back since 2023. */
export function uploadSequenceToken(stream: LogStreamRow): string {
  return String(stream.nextSequence).padStart(56, "4");
}
