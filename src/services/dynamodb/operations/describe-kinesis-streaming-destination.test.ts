import { expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import { makeTable } from "../test-tables.ts";

test("a table has no Kinesis streaming destinations, and none can be enabled yet", async () => {
  const platform = await TestPlatform.start();
  await makeTable(platform, "tbl", "id:S");
  const { dynamodb } = platform.aws();
  expect(await dynamodb.DescribeKinesisStreamingDestination({ TableName: "tbl" })).toEqual({
    TableName: "tbl",
    KinesisDataStreamDestinations: [],
  });
  await expect(dynamodb.DescribeKinesisStreamingDestination({ TableName: "none" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const StreamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s-123456789012345678901";
  await expect(dynamodb.EnableKinesisStreamingDestination({ TableName: "tbl", StreamArn })).rejects.toMatchObject({
    status: 501,
  });
  await platform.close();
});
