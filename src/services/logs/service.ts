import type { CloudWatchLogsApi } from "../../api/logs/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import { logGroupArn, logGroupNameOf, nameOfLogGroupArn, type LogGroupReference } from "./find-log-group.ts";
import { deleteExpiredEvents } from "./jobs/delete-expired-events.ts";
import { purgeLogGroup, purgeLogStream } from "./jobs/purge.ts";
import { createLogGroup } from "./operations/create-log-group.ts";
import { createLogStream } from "./operations/create-log-stream.ts";
import { deleteLogGroup } from "./operations/delete-log-group.ts";
import { deleteLogStream } from "./operations/delete-log-stream.ts";
import { describeLogGroups } from "./operations/describe-log-groups.ts";
import { describeLogStreams } from "./operations/describe-log-streams.ts";
import { filterLogEvents } from "./operations/filter-log-events.ts";
import { getLogEvents } from "./operations/get-log-events.ts";
import { putLogEvents } from "./operations/put-log-events.ts";
import { putLogGroupDeletionProtection } from "./operations/put-log-group-deletion-protection.ts";
import { deleteRetentionPolicy, putRetentionPolicy } from "./operations/retention-policy.ts";
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from "./operations/tags.ts";

type Place = { readonly account: string; readonly region: string };

/** Actions on a group name it with `:*` at the end: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
const onGroup = (input: LogGroupReference, at: Place): readonly Access[] => [
  { resource: `${logGroupArn(at, logGroupNameOf(input))}:*` },
];
const onStream = (
  input: { logGroupName?: string | undefined; logStreamName: string },
  at: Place,
): readonly Access[] => [{ resource: `${logGroupArn(at, logGroupNameOf(input))}:log-stream:${input.logStreamName}` }];
const onTagged = (input: { resourceArn: string }, at: Place): readonly Access[] => [
  { resource: logGroupArn(at, nameOfLogGroupArn(input.resourceArn) ?? "*") },
];

/** CloudWatch Logs. */
export const logsService: ServiceDefinition<CloudWatchLogsApi> = {
  name: "logs",
  iamPrefix: "logs",
  scope: "regional",
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    ListTagsForResource: listTagsForResource,
    ListTagsLogGroup: listTagsLogGroup,
    PutLogEvents: putLogEvents,
    PutLogGroupDeletionProtection: putLogGroupDeletionProtection,
    PutRetentionPolicy: putRetentionPolicy,
    TagLogGroup: tagLogGroup,
    TagResource: tagResource,
    UntagLogGroup: untagLogGroup,
    UntagResource: untagResource,
  },
  access: {
    CreateLogGroup: onGroup,
    CreateLogStream: onGroup,
    DeleteLogGroup: onGroup,
    DeleteLogStream: onStream,
    DeleteRetentionPolicy: onGroup,
    DescribeLogGroups: (_, at) => [{ resource: `${logGroupArn(at, "")}*` }],
    DescribeLogStreams: onGroup,
    FilterLogEvents: onGroup,
    GetLogEvents: onStream,
    ListTagsForResource: onTagged,
    ListTagsLogGroup: onGroup,
    PutLogEvents: onStream,
    PutLogGroupDeletionProtection: onGroup,
    PutRetentionPolicy: onGroup,
    TagLogGroup: onGroup,
    TagResource: onTagged,
    UntagLogGroup: onGroup,
    UntagResource: onTagged,
  },
  jobs: [deleteExpiredEvents, purgeLogGroup, purgeLogStream],
};
