import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";

export interface LogGroupRow {
  readonly name: string;
  /** Internal: a group made again under the same name shares nothing with the one before. */
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly class: "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY";
  readonly retentionInDays?: number;
  readonly deletionProtectionEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export const logGroups = collection("log-groups", (row: LogGroupRow) => [row.name], { cached: true });

export interface LogStreamRow {
  readonly groupId: string;
  readonly name: string;
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly firstEventAt?: EpochMs;
  readonly lastEventAt?: EpochMs;
  readonly lastIngestionAt?: EpochMs;
  /** Bytes of all messages, plus 26 for each event, as AWS counts them. */
  readonly storedBytes: number;
  /** Number of the next event; orders events of one millisecond. */
  readonly nextSequence: number;
}

export const logStreams = collection("log-streams", (row: LogStreamRow) => [row.groupId, row.name]);

export interface LogEventRow {
  readonly streamId: string;
  readonly timestamp: EpochMs;
  readonly sequence: number;
  readonly message: string;
  readonly ingestedAt: EpochMs;
}

export const logEvents = collection("log-events", (row: LogEventRow) => [row.streamId, row.timestamp, row.sequence]);
