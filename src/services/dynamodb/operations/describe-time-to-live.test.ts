import { expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import { makeTable } from "../test-tables.ts";

test("time to live is disabled, and enabling it is refused as not built", async () => {
  const platform = await TestPlatform.start();
  const { dynamodb } = platform.aws();
  await makeTable(platform, "tbl", "id:S");
  expect(await dynamodb.DescribeTimeToLive({ TableName: "tbl" })).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" },
  });
  const enable = dynamodb.UpdateTimeToLive({
    TableName: "tbl",
    TimeToLiveSpecification: { Enabled: true, AttributeName: "ttl" },
  });
  await expect(enable).rejects.toMatchObject({ status: 501 });
  await expect(dynamodb.DescribeTimeToLive({ TableName: "nope" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await platform.close();
});
