import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S");
});
afterEach(() => platform.close());

test("backups are there, point-in-time recovery is disabled", async () => {
  expect(await dynamodb.DescribeContinuousBackups({ TableName: "tbl" })).toEqual({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    },
  });
});

test("refuses a table that does not exist", async () => {
  await expect(dynamodb.DescribeContinuousBackups({ TableName: "nope" })).rejects.toMatchObject({
    name: "TableNotFoundException",
    message: "Table not found: nope",
  });
});
