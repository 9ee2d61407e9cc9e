import { job, type JobContext } from "../../../kernel/jobs.ts";
import { logEvents, logStreams } from "../state.ts";

/** Rows deleted in one transaction. */
const chunk = 500;

/** Deletes the events of a stream that is no more. */
export const purgeLogStream = job<{ streamId: string }>({
  name: "purge-log-stream",
  run: async ({ streamId }, ctx) => {
    while (await purgeChunk(streamId, ctx));
  },
});

async function purgeChunk(streamId: string, ctx: JobContext): Promise<boolean> {
  return ctx.write(async (tx) => {
    let deleted = 0;
    for await (const event of tx.list(logEvents, { prefix: [streamId] })) {
      tx.delete(logEvents, [streamId, event.timestamp, event.sequence]);
      if (++deleted === chunk) return true;
    }
    return false;
  });
}

/** Deletes the streams of a group that is no more, and sees to their events. */
export const purgeLogGroup = job<{ groupId: string }>({
  name: "purge-log-group",
  run: async ({ groupId }, ctx) => {
    const more = () =>
      ctx.write(async (tx) => {
        let deleted = 0;
        for await (const stream of tx.list(logStreams, { prefix: [groupId] })) {
          tx.delete(logStreams, [groupId, stream.name]);
          tx.schedule(purgeLogStream, { streamId: stream.id });
          if (++deleted === chunk) return true;
        }
        return false;
      });
    while (await more());
  },
});
