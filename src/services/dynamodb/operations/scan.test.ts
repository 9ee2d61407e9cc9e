import type { QueryOutput } from "../../../api/dynamodb/types.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:N", { gsi: { keys: "kind:S", projects: "KEYS_ONLY" } });
  for (let at = 0; at < 40; at += 20) {
    await dynamodb.BatchWriteItem({
      RequestItems: {
        tbl: Array.from({ length: 20 }, (_, i) => ({
          PutRequest: {
            Item: {
              id: { N: String(at + i) },
              ...((at + i) % 4 === 0 && { kind: { S: "k" } }),
              big: { BOOL: at + i >= 30 },
            },
          },
        })),
      },
    });
  }
});
afterEach(() => platform.close());

const all = Array.from({ length: 40 }, (_, at) => at);

/** Every id, page by page. */
async function scanAll(more: object): Promise<number[]> {
  const seen: number[] = [];
  let ExclusiveStartKey: QueryOutput["LastEvaluatedKey"];
  do {
    const page = await dynamodb.Scan({ TableName: "tbl", ExclusiveStartKey, ...more });
    seen.push(...page.Items!.map((item) => Number(item["id"]!.N)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return seen;
}

test("a scan sees every item once, in an order that is not that of the keys and never changes", async () => {
  const whole = await scanAll({});
  expect(whole.toSorted((a, b) => a - b)).toEqual(all);
  expect(whole).not.toEqual(all);
  expect(await scanAll({ Limit: 7 })).toEqual(whole);
});

test("segments part the table among them", async () => {
  const segments = await Promise.all([0, 1, 2, 3].map((Segment) => scanAll({ Segment, TotalSegments: 4, Limit: 3 })));
  expect(segments.every((segment) => segment.length > 0)).toBe(true);
  expect(segments.flat().toSorted((a, b) => a - b)).toEqual(all);
});

test("a filter drops items after they were counted as scanned", async () => {
  const answer = await dynamodb.Scan({
    TableName: "tbl",
    FilterExpression: "big = :true",
    ExpressionAttributeValues: { ":true": { BOOL: true } },
    Select: "COUNT",
  });
  expect(answer).toEqual({ Count: 10, ScannedCount: 40 });
});

test("a scan of an index sees what the index holds", async () => {
  const ids = await scanAll({ IndexName: "gsi", Limit: 3 });
  expect(ids.toSorted((a, b) => a - b)).toEqual(all.filter((id) => id % 4 === 0));
});

test("tables of one name in other accounts and regions are others", async () => {
  const elsewhere = platform.aws(undefined, { region: "eu-west-1" }).dynamodb;
  await expect(elsewhere.Scan({ TableName: "tbl" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test.each<[string, object, string]>([
  [
    "a segment without a total",
    { Segment: 0 },
    "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
  ],
  [
    "a total without a segment",
    { TotalSegments: 1 },
    "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
  ],
  [
    "a segment beyond the total",
    { Segment: 2, TotalSegments: 2 },
    "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2",
  ],
  [
    "ALL_PROJECTED_ATTRIBUTES without an index",
    { Select: "ALL_PROJECTED_ATTRIBUTES" },
    "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Scanning using an IndexName",
  ],
  [
    "SPECIFIC_ATTRIBUTES without naming them",
    { Select: "SPECIFIC_ATTRIBUTES" },
    "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
  ],
  [
    "a start key with other attributes",
    { ExclusiveStartKey: { nope: { N: "1" } } },
    "The provided starting key is invalid",
  ],
  [
    "a start key that is no number",
    { ExclusiveStartKey: { id: { N: "x" } } },
    "The provided starting key is invalid: The parameter cannot be converted to a numeric value: x",
  ],
])("refuses %s", async (_what, input, message) => {
  await expect(dynamodb.Scan({ TableName: "tbl", ...input } as never)).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});

test("refuses a start key of another segment", async () => {
  const [first] = await scanAll({ Segment: 0, TotalSegments: 2 });
  const scan = dynamodb.Scan({
    TableName: "tbl",
    Segment: 1,
    TotalSegments: 2,
    ExclusiveStartKey: { id: { N: String(first) } },
  });
  await expect(scan).rejects.toMatchObject({
    message:
      "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1",
  });
});
