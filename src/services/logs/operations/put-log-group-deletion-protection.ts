import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { logGroupNameOf, requireLogGroup } from "../find-log-group.ts";
import { logGroups } from "../state.ts";

export const putLogGroupDeletionProtection: Handler<CloudWatchLogsApi["PutLogGroupDeletionProtection"]> = async (
  input,
  ctx,
) => {
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, logGroupNameOf(input));
    tx.put(logGroups, { ...group, deletionProtectionEnabled: input.deletionProtectionEnabled });
  });
  return {};
};
