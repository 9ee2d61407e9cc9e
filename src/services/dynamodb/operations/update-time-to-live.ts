import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { scheduleExpiries } from "../jobs/schedule-expiries.ts";
import { validationException } from "../refusals.ts";
import { tables } from "../state.ts";
import { requireAtRest, requireTableForControl } from "../tables/require-table.ts";

/**
 * Takes effect at once; on AWS within an hour.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
export const updateTimeToLive: Handler<DynamoDBApi["UpdateTimeToLive"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const { Enabled: enabled, AttributeName: attribute } = input.TimeToLiveSpecification;
    const table = await requireTableForControl(tx, input.TableName, ctx);
    requireAtRest(table);
    const { timeToLive: before, ...rest } = table;
    if (before && before.attribute !== attribute) {
      throw validationException(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${before.attribute}`,
      );
    }
    if (enabled === (before !== undefined)) {
      throw validationException(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    // What is scheduled when it is disabled finds nothing to do when its time comes.
    tx.put(tables, enabled ? { ...rest, timeToLive: { attribute: attribute } } : rest);
    if (enabled) tx.schedule(scheduleExpiries, { tableName: table.name, table: table.number });
    return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } as never };
  });
