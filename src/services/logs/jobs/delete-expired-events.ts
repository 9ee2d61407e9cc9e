import { job } from "../../../kernel/jobs.ts";
import { logEvents, logGroups, logStreams } from "../state.ts";

export const dayMs = 86_400_000;

/** Events deleted in one transaction. */
const chunk = 500;

/** Deletes what is older than the group's retention, once a day. Scheduled under the group's id. */
export const deleteExpiredEvents = job<{ groupName: string; groupId: string }>({
  name: "delete-expired-events",
  run: async ({ groupName, groupId }, ctx) => {
    const group = await ctx.read((snapshot) => snapshot.get(logGroups, [groupName]));
    if (group?.id !== groupId || group.retentionInDays === undefined) return;
    const before = ctx.clock.now() - group.retentionInDays * dayMs;
    const streams = await ctx.read((snapshot) => Array.fromAsync(snapshot.list(logStreams, { prefix: [groupId] })));
    for (const { id } of streams) {
      const more = () =>
        ctx.write(async (tx) => {
          let deleted = 0;
          for await (const event of tx.list(logEvents, { prefix: [id], before: [id, before] })) {
            tx.delete(logEvents, [id, event.timestamp, event.sequence]);
            if (++deleted === chunk) return true;
          }
          return false;
        });
      while (await more());
    }
    await ctx.complete(async (tx) => {
      tx.schedule(deleteExpiredEvents, { groupName, groupId }, { at: ctx.clock.now() + dayMs });
    });
  },
});
