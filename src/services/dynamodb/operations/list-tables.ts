import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { tables } from "../state.ts";

const maxNames = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export const listTables: Handler<DynamoDBApi["ListTables"]> = async (input, ctx) => {
  const limit = input.Limit ?? maxNames;
  const start = input.ExclusiveStartTableName;
  return ctx.read(async (snapshot) => {
    const names: string[] = [];
    // The start need not be the name of a table that exists.
    for await (const table of snapshot.list(tables, start === undefined ? {} : { after: [start] })) {
      if (names.length === limit) return { TableNames: names, LastEvaluatedTableName: names.at(-1)! };
      names.push(table.name);
    }
    return { TableNames: names };
  });
};
