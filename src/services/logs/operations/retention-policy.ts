import { InvalidParameterException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireLogGroup } from "../find-log-group.ts";
import { deleteExpiredEvents } from "../jobs/delete-expired-events.ts";
import { logGroups } from "../state.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const allowedDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const putRetentionPolicy: Handler<CloudWatchLogsApi["PutRetentionPolicy"]> = async (input, ctx) => {
  if (!allowedDays.includes(input.retentionInDays)) {
    throw new InvalidParameterException({
      message: `Invalid retention value. The supported values are: [${allowedDays.join(", ")}]`,
    });
  }
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, input.logGroupName);
    tx.put(logGroups, { ...group, retentionInDays: input.retentionInDays });
    tx.schedule(deleteExpiredEvents, { groupName: group.name, groupId: group.id }, { id: group.id });
  });
  return {};
};

export const deleteRetentionPolicy: Handler<CloudWatchLogsApi["DeleteRetentionPolicy"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const { retentionInDays: _, ...group } = await requireLogGroup(tx, input.logGroupName);
    tx.put(logGroups, group);
    tx.unschedule(deleteExpiredEvents, group.id);
  });
  return {};
};
