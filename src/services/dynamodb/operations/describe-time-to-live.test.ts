import { expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import { makeTable } from "../test-tables.ts";

test("time to live is disabled until it is enabled", async () => {
  const platform = await TestPlatform.start();
  const { dynamodb } = platform.aws();
  await makeTable(platform, "tbl", "id:S");
  const describe = async () => (await dynamodb.DescribeTimeToLive({ TableName: "tbl" })).TimeToLiveDescription;
  expect(await describe()).toEqual({ TimeToLiveStatus: "DISABLED" });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: "due" };
  await dynamodb.UpdateTimeToLive({ TableName: "tbl", TimeToLiveSpecification });
  expect(await describe()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "due" });
  await expect(dynamodb.DescribeTimeToLive({ TableName: "nope" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await platform.close();
});
