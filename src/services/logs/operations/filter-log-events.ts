import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi, FilteredLogEvent } from "../../../api/logs/types.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { compileLogFilter } from "../../../languages/log-filter/compile-log-filter.ts";
import { eventBytes, maxAnswerBytes, maxAnswerEvents, oldestVisible } from "../events/answer-limits.ts";
import { mergeStreams, type MergePosition } from "../events/merge-streams.ts";
import { logGroupNameOf, requireLogGroup, requireLogStream } from "../find-log-group.ts";
import { readPageToken, writePageToken } from "../page-token.ts";
import { logStreams, type LogGroupRow, type LogStreamRow } from "../state.ts";

/** Events looked at for one answer. A page may be short, or empty, and still have a next one, as on AWS. */
const maxScannedEvents = 20_000;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export const filterLogEvents: Handler<CloudWatchLogsApi["FilterLogEvents"]> = async (input, ctx) => {
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
    throw new InvalidParameterException({
      message: "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.",
    });
  }
  const matches = filterOf(input.filterPattern ?? "");
  const name = logGroupNameOf(input);
  const limit = input.limit ?? maxAnswerEvents;
  const after = input.nextToken === undefined ? undefined : parsePosition(input.nextToken);

  return ctx.read(async (snapshot) => {
    const group = await requireLogGroup(snapshot, name);
    const streams = await chooseStreams(snapshot, group, input.logStreamNames, input.logStreamNamePrefix);
    const start = Math.max(input.startTime ?? 0, oldestVisible(group, ctx.clock.now()));
    const end = input.endTime ?? Number.MAX_SAFE_INTEGER - 1;
    const events: FilteredLogEvent[] = [];
    let bytes = 0;
    let scanned = 0;
    let last: MergePosition | undefined = after;
    for await (const { stream, event } of mergeStreams(snapshot, streams, start, end, after)) {
      const matched = matches(event.message);
      if (matched) bytes += eventBytes(event.message);
      if (events.length === limit || bytes > maxAnswerBytes || scanned++ === maxScannedEvents) {
        return { events, searchedLogStreams: [], nextToken: writePosition(last!) };
      }
      last = { timestamp: event.timestamp, streamName: stream.name, sequence: event.sequence };
      if (matched) events.push(answer(stream, event));
    }
    return { events, searchedLogStreams: [] };
  });
};

function answer(
  stream: LogStreamRow,
  event: { timestamp: number; message: string; ingestedAt: number; sequence: number },
): FilteredLogEvent {
  return {
    logStreamName: stream.name,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestedAt,
    // AWS's event ids are 56 digits; ours are the stream, the time and the place in the stream.
    eventId:
      `${BigInt(`0x${stream.id.replaceAll("-", "").slice(0, 16)}`)}`.padStart(20, "0") +
      `${event.timestamp}`.padStart(18, "0") +
      `${event.sequence}`.padStart(18, "0"),
  };
}

function filterOf(pattern: string): (message: string) => boolean {
  const compiled = compileLogFilter(pattern);
  if (compiled.kind === "unsupported") {
    throw new AwsError({
      code: "NotImplemented",
      message: `CloudWatch Logs: ${compiled.what} in filter patterns are not implemented by Virga yet. Terms are: ERROR, "two words", ?either ?or, -without.`,
      status: 501,
    });
  }
  if (compiled.kind === "invalid") {
    throw new InvalidParameterException({ message: `Invalid filter pattern: ${compiled.reason}` });
  }
  return compiled.match;
}

async function chooseStreams(
  snapshot: Snapshot,
  group: LogGroupRow,
  names: readonly string[] | undefined,
  prefix = "",
): Promise<LogStreamRow[]> {
  if (names) return Promise.all(names.map((name) => requireLogStream(snapshot, group, name)));
  const streams: LogStreamRow[] = [];
  for await (const stream of snapshot.list(logStreams, { prefix: [group.id], from: [group.id, prefix] })) {
    if (!stream.name.startsWith(prefix)) break;
    streams.push(stream);
  }
  return streams;
}

function writePosition({ timestamp, streamName, sequence }: MergePosition): string {
  return writePageToken([timestamp, streamName, sequence]);
}

function parsePosition(token: string): MergePosition {
  const [timestamp, streamName, sequence] = readPageToken(token, ["number", "string", "number"]);
  return { timestamp: timestamp as number, streamName: streamName as string, sequence: sequence as number };
}
