import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "pk:S sk:N", {
    gsi: { keys: "g:S n:N" },
    keys: { keys: "g:S", projects: "KEYS_ONLY" },
    lsi: { keys: "pk:S n:N", local: true, projects: "x" },
  });
});
afterEach(() => platform.close());

/** Numbers that repeat for a seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomOperation(random: (below: number) => number): Promise<unknown> {
  const Key = { pk: { S: `p${random(3)}` }, sk: { N: String(random(4)) } };
  const attributes = {
    ...(random(3) > 0 && { g: { S: `g${random(2)}` } }),
    ...(random(3) > 0 && { n: { N: String(random(5)) } }),
    x: { S: `x${random(3)}` },
    count: { N: "0" },
  };
  const TableName = "tbl";
  switch (random(6)) {
    case 0:
      return dynamodb.PutItem({ TableName, Item: { ...Key, ...attributes } });
    case 1:
      return dynamodb.DeleteItem({ TableName, Key });
    case 2:
      return dynamodb.UpdateItem({
        TableName,
        Key,
        UpdateExpression: random(2) === 0 ? "SET g = :g, n = :n" : "SET x = :g ADD n :n",
        ExpressionAttributeValues: { ":g": { S: `g${random(2)}` }, ":n": { N: String(random(5)) } },
      });
    case 3:
      return dynamodb.UpdateItem({
        TableName,
        Key,
        UpdateExpression: "REMOVE g",
        ConditionExpression: "attribute_exists(pk)",
      });
    case 4:
      return dynamodb.BatchWriteItem({
        RequestItems: {
          tbl: [0, 1, 2].map((sk) => ({ PutRequest: { Item: { pk: Key.pk, sk: { N: String(sk) }, ...attributes } } })),
        },
      });
    default:
      return dynamodb.TransactWriteItems({
        TransactItems: [
          { Put: { TableName, Item: { ...Key, ...attributes } } },
          { Delete: { TableName, Key: { ...Key, sk: { N: "9" } } } },
        ],
      });
  }
}

const printed = (items: readonly object[]) =>
  items.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();

test.each([1, 2, 3, 4])("indexes agree with the table after random concurrent writes, seed %d", async (seed) => {
  const random = randomOf(seed);
  for (let round = 0; round < 10; round++) {
    const outcomes = await Promise.allSettled(Array.from({ length: 15 }, () => randomOperation(random)));
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(AwsError);
  }
  await platform.restart();
  ({ dynamodb } = platform.aws());
  const scan = async (IndexName?: string) => (await dynamodb.Scan({ TableName: "tbl", IndexName })).Items!;
  const table = await scan();
  expect(table.length).toBeGreaterThan(0);
  const pick = (item: (typeof table)[number], names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  expect(printed(await scan("gsi"))).toEqual(printed(table.filter((item) => item["g"] && item["n"])));
  expect(printed(await scan("keys"))).toEqual(
    printed(table.filter((item) => item["g"]).map((item) => pick(item, ["pk", "sk", "g"]))),
  );
  expect(printed(await scan("lsi"))).toEqual(
    printed(table.filter((item) => item["n"]).map((item) => pick(item, ["pk", "sk", "n", "x"]))),
  );
});
