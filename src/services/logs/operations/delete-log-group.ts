import { ValidationException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireLogGroup } from "../find-log-group.ts";
import { deleteExpiredEvents } from "../jobs/delete-expired-events.ts";
import { purgeLogGroup } from "../jobs/purge.ts";
import { logGroups } from "../state.ts";

/** The group is gone at once; its streams and events follow in the background. */
export const deleteLogGroup: Handler<CloudWatchLogsApi["DeleteLogGroup"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, input.logGroupName);
    if (group.deletionProtectionEnabled) {
      throw new ValidationException({
        message: "The specified log group is protected from deletion. Disable its deletion protection first.",
      });
    }
    tx.delete(logGroups, [group.name]);
    tx.unschedule(deleteExpiredEvents, group.id);
    tx.schedule(purgeLogGroup, { groupId: group.id });
  });
  return {};
};
