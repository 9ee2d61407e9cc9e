import { ResourceAlreadyExistsException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireLogGroup } from "../find-log-group.ts";
import { logStreams } from "../state.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export const createLogStream: Handler<CloudWatchLogsApi["CreateLogStream"]> = async (input, ctx) => {
  const id = ctx.ids.uuid();
  await ctx.write(async (tx) => {
    const group = await requireLogGroup(tx, input.logGroupName);
    if (await tx.get(logStreams, [group.id, input.logStreamName])) {
      throw new ResourceAlreadyExistsException({ message: "The specified log stream already exists" });
    }
    tx.put(logStreams, {
      groupId: group.id,
      name: input.logStreamName,
      id,
      createdAt: ctx.clock.now(),
      storedBytes: 0,
      nextSequence: 0,
    });
  });
  return {};
};
