import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi, InputLogEvent, RejectedLogEventsInfo } from "../../../api/logs/types.ts";
import type { EpochMs } from "../../../base/clock.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireLogGroup, requireLogStream } from "../find-log-group.ts";
import { dayMs } from "../jobs/delete-expired-events.ts";
import { logEvents, logStreams, type LogGroupRow } from "../state.ts";
import { uploadSequenceToken } from "./describe-log-streams.ts";

/** Limits of a batch: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const maxBatchBytes = 1_048_576;
/** Counted for each event besides its message. */
const eventOverheadBytes = 26;
const maxAgeMs = 14 * dayMs;
const maxFutureMs = 2 * 3_600_000;

export const putLogEvents: Handler<CloudWatchLogsApi["PutLogEvents"]> = async (input, ctx) => {
  const { logEvents: events } = input;
  const bytes = sizeOf(events);
  requireChronological(events);
  const now = ctx.clock.now();
  return ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, input.logGroupName);
    const stream = await requireLogStream(tx, group, input.logStreamName);
    const { accepted, rejected } = sift(events, group, now);
    let sequence = stream.nextSequence;
    for (const { timestamp, message } of accepted) {
      tx.put(logEvents, { streamId: stream.id, timestamp, sequence: sequence++, message, ingestedAt: now });
    }
    const first = accepted[0]?.timestamp;
    const last = accepted.at(-1)?.timestamp;
    const updated = {
      ...stream,
      nextSequence: sequence,
      storedBytes: stream.storedBytes + bytes,
      lastIngestionAt: now,
      ...(first !== undefined && { firstEventAt: Math.min(first, stream.firstEventAt ?? first) }),
      ...(last !== undefined && { lastEventAt: Math.max(last, stream.lastEventAt ?? last) }),
    };
    tx.put(logStreams, updated);
    return {
      nextSequenceToken: uploadSequenceToken(updated),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
      // Nothing here would tell what a log belongs to, and AWS has a word for entities that it did not keep.
      ...(input.entity && { rejectedEntityInfo: { errorType: "UnsupportedLogGroupType" as const } }),
    };
  });
};

function sizeOf(events: readonly InputLogEvent[]): number {
  let bytes = 0;
  for (const { message } of events) {
    const size = Buffer.byteLength(message) + eventOverheadBytes;
    if (size > maxBatchBytes) {
      throw new InvalidParameterException({
        message: `Log event too large: ${size} bytes exceeds limit of ${maxBatchBytes}`,
      });
    }
    bytes += size;
  }
  if (bytes > maxBatchBytes) {
    throw new InvalidParameterException({
      message: `Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`,
    });
  }
  return bytes;
}

function requireChronological(events: readonly InputLogEvent[]): void {
  for (let i = 1; i < events.length; i++) {
    if (events[i]!.timestamp < events[i - 1]!.timestamp) {
      throw new InvalidParameterException({
        message: "Log events in a single PutLogEvents request must be in chronological order.",
      });
    }
  }
  if (events.length > 0 && events.at(-1)!.timestamp - events[0]!.timestamp > dayMs) {
    throw new InvalidParameterException({
      message: "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    });
  }
}

/** Leaves out what is too old, expired or too far in the future, and says where in the batch that was. */
function sift(
  events: readonly InputLogEvent[],
  group: LogGroupRow,
  now: EpochMs,
): { accepted: readonly InputLogEvent[]; rejected?: RejectedLogEventsInfo } {
  const oldest = now - maxAgeMs;
  const unexpired = group.retentionInDays === undefined ? oldest : now - group.retentionInDays * dayMs;
  const tooOld = events.findLastIndex((event) => event.timestamp < oldest);
  const expired = events.findLastIndex((event) => event.timestamp < unexpired);
  const tooNew = events.findIndex((event) => event.timestamp > now + maxFutureMs);
  const accepted = events.slice(Math.max(tooOld, expired) + 1, tooNew < 0 ? undefined : tooNew);
  if (tooOld < 0 && expired < 0 && tooNew < 0) return { accepted };
  return {
    accepted,
    rejected: {
      ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
      // AWS counts one past the last event that it left out.
      ...(tooOld >= 0 && { tooOldLogEventEndIndex: tooOld + 1 }),
      ...(expired > tooOld && { expiredLogEventEndIndex: expired + 1 }),
    },
  };
}
