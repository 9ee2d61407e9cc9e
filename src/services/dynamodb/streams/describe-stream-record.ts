import { hash } from "node:crypto";
import type { _Record, StreamRecord } from "../../../api/dynamodbstreams/types.ts";
import type { StreamRow } from "../state.ts";
import { printSequenceNumber } from "./sequence-number.ts";
import type { StreamRecordRow } from "./stream-record-row.ts";

/**
 * A record as GetRecords answers it.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 */
export function describeStreamRecord(record: StreamRecordRow, stream: StreamRow, arn: string, region: string): _Record {
  const change = {
    // In whole seconds, as on AWS.
    ApproximateCreationDateTime: new Date(Math.floor(record.at / 1000) * 1000),
    Keys: record.keys,
    ...(record.after && { NewImage: record.after }),
    ...(record.before && { OldImage: record.before }),
    SequenceNumber: printSequenceNumber(record.sequence),
    SizeBytes: record.size,
    StreamViewType: stream.viewType,
  };
  return {
    eventID: hash("sha256", `${arn}/${record.sequence}`).slice(0, 32),
    eventName: record.event,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: change as unknown as StreamRecord,
    ...(record.expired && { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } }),
  };
}
