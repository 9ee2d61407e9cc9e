import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  for (const name of ["delta", "alpha", "charlie", "bravo"]) await makeTable(platform, name, "id:S");
});
afterEach(() => platform.close());

test("names come in alphabetical order, page by page", async () => {
  expect(await dynamodb.ListTables({})).toEqual({ TableNames: ["alpha", "bravo", "charlie", "delta"] });
  expect(await dynamodb.ListTables({ Limit: 2 })).toEqual({
    TableNames: ["alpha", "bravo"],
    LastEvaluatedTableName: "bravo",
  });
  expect(await dynamodb.ListTables({ Limit: 2, ExclusiveStartTableName: "bravo" })).toEqual({
    TableNames: ["charlie", "delta"],
  });
  expect(await dynamodb.ListTables({ ExclusiveStartTableName: "brav" })).toEqual({
    TableNames: ["bravo", "charlie", "delta"],
  });
});

test("tables are listed in their own region only", async () => {
  expect(await platform.aws(undefined, { region: "eu-west-1" }).dynamodb.ListTables({})).toEqual({ TableNames: [] });
});
