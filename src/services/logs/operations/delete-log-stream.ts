import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireLogGroup, requireLogStream } from "../find-log-group.ts";
import { purgeLogStream } from "../jobs/purge.ts";
import { logStreams } from "../state.ts";

export const deleteLogStream: Handler<CloudWatchLogsApi["DeleteLogStream"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, input.logGroupName);
    const stream = await requireLogStream(tx, group, input.logStreamName);
    tx.delete(logStreams, [group.id, stream.name]);
    tx.schedule(purgeLogStream, { streamId: stream.id });
  });
  return {};
};
