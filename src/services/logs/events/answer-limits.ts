import type { EpochMs } from "../../../base/clock.ts";
import { dayMs } from "../jobs/delete-expired-events.ts";
import type { LogGroupRow } from "../state.ts";

/** An answer holds at most 10,000 events and 1 MB: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
export const maxAnswerEvents = 10_000;
export const maxAnswerBytes = 1_048_576;

export function eventBytes(message: string): number {
  return Buffer.byteLength(message) + 26;
}

/** Events before this are expired, whether or not they have been deleted yet. */
export function oldestVisible(group: LogGroupRow, now: EpochMs): EpochMs {
  return group.retentionInDays === undefined ? 0 : now - group.retentionInDays * dayMs;
}
