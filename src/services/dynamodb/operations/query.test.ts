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
});
afterEach(() => platform.close());

const values = (members: Record<string, object>) => members as never;

/** The sort keys that a condition finds. */
async function find(
  TableName: string,
  condition: string,
  given: Record<string, object>,
  more: object = {},
): Promise<string[]> {
  const answer = await dynamodb.Query({
    TableName,
    KeyConditionExpression: condition,
    ExpressionAttributeValues: values(given),
    ...more,
  });
  return answer.Items!.map((item) => item["sk"]!.S ?? item["sk"]!.N ?? Buffer.from(item["sk"]!.B!).toString("hex"));
}

async function fill(TableName: string, sortKeys: readonly object[]): Promise<void> {
  for (const sk of sortKeys) {
    await dynamodb.PutItem({ TableName, Item: { pk: { S: "p" }, sk: sk as never } });
    await dynamodb.PutItem({ TableName, Item: { pk: { S: "other" }, sk: sk as never } });
  }
}

test("numbers order by value, exactly", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N");
  const numbers = [
    "-100",
    "-99.5",
    "-1",
    "-0.5",
    "0",
    "1E-100",
    "0.5",
    "1",
    "9",
    "10",
    "9007199254740992",
    "9007199254740993",
  ];
  await fill(
    "tbl",
    numbers.toReversed().map((N) => ({ N })),
  );
  const shown = numbers.map((N) => (N === "1E-100" ? `0.${"0".repeat(99)}1` : N));
  expect(await find("tbl", "pk = :p", { ":p": { S: "p" } })).toEqual(shown);
  expect(await find("tbl", "pk = :p", { ":p": { S: "p" } }, { ScanIndexForward: false })).toEqual(shown.toReversed());
  const n = (N: string) => ({ ":p": { S: "p" }, ":n": { N } });
  expect(await find("tbl", "pk = :p AND sk = :n", n("9.0"))).toEqual(["9"]);
  expect(await find("tbl", "pk = :p AND sk < :n", n("-0.5"))).toEqual(["-100", "-99.5", "-1"]);
  expect(await find("tbl", "pk = :p AND sk <= :n", n("-0.5"))).toEqual(["-100", "-99.5", "-1", "-0.5"]);
  expect(await find("tbl", "pk = :p AND sk > :n", n("9"))).toEqual(["10", "9007199254740992", "9007199254740993"]);
  expect(await find("tbl", "sk >= :n AND pk = :p", n("9007199254740993"))).toEqual(["9007199254740993"]);
  expect(await find("tbl", ":p = pk AND :n >= sk", n("-99.5"))).toEqual(["-100", "-99.5"]);
  expect(
    await find("tbl", "pk = :p AND sk BETWEEN :a AND :b", { ":p": { S: "p" }, ":a": { N: "0" }, ":b": { N: "1" } }),
  ).toEqual(["0", `0.${"0".repeat(99)}1`, "0.5", "1"]);
});

test("texts order by their UTF-8 bytes, and begins_with finds all of a prefix", async () => {
  await makeTable(platform, "tbl", "pk:S sk:S");
  const texts = [
    "A",
    "B",
    "a",
    "a\0b",
    "ab",
    "ab\u{10FFFF}",
    "ab\u{10FFFF}z",
    "ac",
    "é",
    "\uE000",
    "\uFFFF",
    "\u{10000}",
    "\u{10FFFF}",
  ];
  await fill(
    "tbl",
    texts.toReversed().map((S) => ({ S })),
  );
  expect(await find("tbl", "pk = :p", { ":p": { S: "p" } })).toEqual(texts);
  const prefixed = (S: string, more?: object) =>
    find("tbl", "pk = :p AND begins_with(sk, :s)", { ":p": { S: "p" }, ":s": { S } }, more);
  expect(await prefixed("ab")).toEqual(["ab", "ab\u{10FFFF}", "ab\u{10FFFF}z"]);
  expect(await prefixed("ab", { ScanIndexForward: false })).toEqual(["ab\u{10FFFF}z", "ab\u{10FFFF}", "ab"]);
  expect(await prefixed("ab\u{10FFFF}")).toEqual(["ab\u{10FFFF}", "ab\u{10FFFF}z"]);
  expect(await prefixed("\u{10FFFF}")).toEqual(["\u{10FFFF}"]);
  expect(await prefixed("nope")).toEqual([]);
});

test("binaries order as unsigned bytes", async () => {
  await makeTable(platform, "tbl", "pk:S sk:B");
  const binaries = ["00", "0000", "01", "7f", "80", "ff", "ff00", "ffff"];
  await fill(
    "tbl",
    binaries.toReversed().map((hex) => ({ B: Buffer.from(hex, "hex") })),
  );
  expect(await find("tbl", "pk = :p", { ":p": { S: "p" } })).toEqual(binaries);
  const given = { ":p": { S: "p" }, ":b": { B: Uint8Array.of(255) } };
  expect(await find("tbl", "pk = :p AND begins_with(sk, :b)", given)).toEqual(["ff", "ff00", "ffff"]);
});

test("pages follow one another in both directions, and Limit counts what was looked at", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N");
  await fill(
    "tbl",
    Array.from({ length: 10 }, (_, at) => ({ N: String(at) })),
  );
  for (const ScanIndexForward of [true, false]) {
    const seen: string[] = [];
    let ExclusiveStartKey: QueryOutput["LastEvaluatedKey"];
    let pages = 0;
    do {
      const page = await dynamodb.Query({
        TableName: "tbl",
        KeyConditionExpression: "pk = :p AND sk < :n",
        FilterExpression: "attribute_exists(pk2) OR NOT attribute_exists(pk2)",
        ExpressionAttributeValues: values({ ":p": { S: "p" }, ":n": { N: "8" } }),
        Limit: 3,
        ScanIndexForward,
        ExclusiveStartKey,
      });
      expect(page.ScannedCount).toBeLessThanOrEqual(3);
      seen.push(...page.Items!.map((item) => item["sk"]!.N!));
      ExclusiveStartKey = page.LastEvaluatedKey;
      pages++;
    } while (ExclusiveStartKey);
    const expected = ["0", "1", "2", "3", "4", "5", "6", "7"];
    expect(seen).toEqual(ScanIndexForward ? expected : expected.toReversed());
    expect(pages).toBe(3);
  }
});

test("a page that its Limit fills tells a last key even when nothing follows", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N");
  await fill("tbl", [{ N: "1" }, { N: "2" }]);
  const page = await dynamodb.Query({
    TableName: "tbl",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "p" } },
    Limit: 2,
  });
  expect(page.LastEvaluatedKey).toEqual({ pk: { S: "p" }, sk: { N: "2" } });
});

test("a page ends at 1 MB", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N");
  for (let at = 0; at < 4; at++) {
    await dynamodb.PutItem({
      TableName: "tbl",
      Item: { pk: { S: "p" }, sk: { N: String(at) }, big: { S: "x".repeat(390_000) } },
    });
  }
  const page = await dynamodb.Query({
    TableName: "tbl",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "p" } },
    Select: "COUNT",
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(page).toEqual({
    Count: 3,
    ScannedCount: 3,
    LastEvaluatedKey: { pk: { S: "p" }, sk: { N: "2" } },
    ConsumedCapacity: { TableName: "tbl", CapacityUnits: 143 },
  });
});

test("filters and projections apply to what the keys found", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N");
  for (let at = 0; at < 6; at++) {
    await dynamodb.PutItem({
      TableName: "tbl",
      Item: { pk: { S: "p" }, sk: { N: String(at) }, even: { BOOL: at % 2 === 0 }, more: { S: "m" } },
    });
  }
  const answer = await dynamodb.Query({
    TableName: "tbl",
    KeyConditionExpression: "pk = :p AND sk > :one",
    FilterExpression: "even = :true",
    ProjectionExpression: "sk",
    ExpressionAttributeValues: values({ ":p": { S: "p" }, ":one": { N: "1" }, ":true": { BOOL: true } }),
  });
  expect(answer).toEqual({ Items: [{ sk: { N: "2" } }, { sk: { N: "4" } }], Count: 2, ScannedCount: 4 });
});

test("indexes are sparse, ordered by their own keys and hold what they project", async () => {
  await makeTable(platform, "tbl", "pk:S sk:N", {
    all: { keys: "kind:S score:N" },
    keys: { keys: "kind:S", projects: "KEYS_ONLY" },
    some: { keys: "kind:S", projects: "extra" },
    local: { keys: "pk:S score:N", local: true, projects: "KEYS_ONLY" },
  });
  const rows = [
    { pk: "p", sk: "1", kind: "k", score: "30" },
    { pk: "p", sk: "2", kind: "k", score: "10" },
    { pk: "q", sk: "3", kind: "k", score: "20" },
    { pk: "p", sk: "4", score: "5" },
    { pk: "p", sk: "5", kind: "k" },
  ];
  for (const { pk, sk, kind, score } of rows) {
    await dynamodb.PutItem({
      TableName: "tbl",
      Item: values({
        pk: { S: pk },
        sk: { N: sk },
        ...(kind && { kind: { S: kind } }),
        ...(score && { score: { N: score } }),
        extra: { S: "e" },
        hidden: { S: "h" },
      }) as never,
    });
  }
  const byKind = (IndexName: string, more: object = {}) =>
    dynamodb.Query({
      TableName: "tbl",
      IndexName,
      KeyConditionExpression: "kind = :k",
      ExpressionAttributeValues: values({ ":k": { S: "k" } }),
      ...more,
    });
  expect((await byKind("all")).Items!.map((item) => item["sk"]!.N)).toEqual(["2", "3", "1"]);
  expect((await byKind("all")).Items![0]).toHaveProperty("hidden");
  const keysOnly = (await byKind("keys")).Items!;
  expect(keysOnly.map((item) => item["sk"]!.N).toSorted()).toEqual(["1", "2", "3", "5"]);
  expect(Object.keys(keysOnly[0]!).toSorted()).toEqual(["kind", "pk", "sk"]);
  expect(Object.keys((await byKind("some")).Items![0]!).toSorted()).toEqual(["extra", "kind", "pk", "sk"]);

  const local = await find(
    "tbl",
    "pk = :p AND score > :s",
    { ":p": { S: "p" }, ":s": { N: "5" } },
    { IndexName: "local" },
  );
  expect(local).toEqual(["2", "1"]);
  const whole = await dynamodb.Query({
    TableName: "tbl",
    IndexName: "local",
    Select: "ALL_ATTRIBUTES",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: values({ ":p": { S: "p" } }),
  });
  expect(whole.Items!.every((item) => item["hidden"])).toBe(true);

  const seen: string[] = [];
  let ExclusiveStartKey: QueryOutput["LastEvaluatedKey"];
  do {
    const page = await byKind("keys", { Limit: 1, ExclusiveStartKey, ScanIndexForward: false });
    seen.push(...page.Items!.map((item) => item["sk"]!.N!));
    if (page.LastEvaluatedKey) expect(Object.keys(page.LastEvaluatedKey).toSorted()).toEqual(["kind", "pk", "sk"]);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(seen.toSorted()).toEqual(["1", "2", "3", "5"]);
});

test.each<[string, object, string]>([
  [
    "no key condition",
    {},
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
  ],
  [
    "an empty key condition",
    { KeyConditionExpression: "" },
    "Invalid KeyConditionExpression: The expression can not be empty;",
  ],
  [
    "a condition without the partition key",
    { KeyConditionExpression: "sk = :s" },
    "Query condition missed key schema element: pk",
  ],
  [
    "a condition on another attribute",
    { KeyConditionExpression: "pk = :s AND x = :s" },
    "Query condition missed key schema element: sk",
  ],
  ["an inequality on the partition key", { KeyConditionExpression: "pk > :s" }, "Query key condition not supported"],
  ["OR", { KeyConditionExpression: "pk = :s OR sk = :s" }, "Invalid operator used in KeyConditionExpression: OR"],
  ["<>", { KeyConditionExpression: "pk = :s AND sk <> :s" }, "Invalid operator used in KeyConditionExpression: <>"],
  [
    "contains",
    { KeyConditionExpression: "pk = :s AND contains(sk, :s)" },
    "Invalid operator used in KeyConditionExpression: contains",
  ],
  [
    "two conditions on one key",
    { KeyConditionExpression: "pk = :s AND sk > :s AND sk < :s" },
    "KeyConditionExpressions must only contain one condition per key",
  ],
  [
    "a nested attribute",
    { KeyConditionExpression: "pk.x = :s" },
    "KeyConditionExpressions cannot have conditions on nested attributes",
  ],
  [
    "a partition key of another type",
    { KeyConditionExpression: "pk = :n", ExpressionAttributeValues: { ":n": { N: "1" } } },
    "One or more parameter values were invalid: Condition parameter type does not match schema type",
  ],
  [
    "a filter on a key",
    { KeyConditionExpression: "pk = :s", FilterExpression: "sk = :s" },
    "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
  ],
  [
    "an index that does not exist",
    { KeyConditionExpression: "pk = :s", IndexName: "nope" },
    "The table does not have the specified index: nope",
  ],
  [
    "consistent reads of a global index",
    { KeyConditionExpression: "x = :s", IndexName: "gsi", ConsistentRead: true },
    "Consistent reads are not supported on global secondary indexes",
  ],
  [
    "ALL_ATTRIBUTES of a global index that lacks some",
    { KeyConditionExpression: "x = :s", IndexName: "gsi", Select: "ALL_ATTRIBUTES" },
    "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index gsi because its projection type is not ALL",
  ],
  [
    "attributes that a global index lacks",
    { KeyConditionExpression: "x = :s", IndexName: "gsi", ProjectionExpression: "y" },
    "One or more parameter values were invalid: Global secondary index gsi does not project [y]",
  ],
  [
    "ALL_PROJECTED_ATTRIBUTES without an index",
    { KeyConditionExpression: "pk = :s", Select: "ALL_PROJECTED_ATTRIBUTES" },
    "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
  ],
  [
    "COUNT with a projection",
    { KeyConditionExpression: "pk = :s", Select: "COUNT", ProjectionExpression: "a" },
    "Cannot specify the ProjectionExpression when choosing to get only the Count",
  ],
  [
    "a start key of another partition",
    { KeyConditionExpression: "pk = :s", ExclusiveStartKey: { pk: { S: "x" }, sk: { S: "x" } } },
    "The provided starting key is outside query boundaries based on provided conditions",
  ],
  [
    "an incomplete start key",
    { KeyConditionExpression: "pk = :s", ExclusiveStartKey: { pk: { S: "s" } } },
    "The provided starting key is invalid",
  ],
  [
    "a start key of another type",
    { KeyConditionExpression: "pk = :s", ExclusiveStartKey: { pk: { S: "s" }, sk: { N: "1" } } },
    "The provided starting key is invalid: The provided key element does not match the schema",
  ],
])("refuses %s", async (_what, input, message) => {
  await makeTable(platform, "tbl", "pk:S sk:S", { gsi: { keys: "x:S", projects: "KEYS_ONLY" } });
  const used = JSON.stringify(input).includes(":s");
  const given = used ? { ExpressionAttributeValues: { ":s": { S: "s" } } } : {};
  await expect(dynamodb.Query({ TableName: "tbl", ...given, ...input } as never)).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});
