import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeStreamedTable, readStream } from "../test-streams.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;
let arn: string;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  arn = await makeStreamedTable(platform, "tbl", "pk:S sk:N");
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
  const TableName = "tbl";
  const key = () => ({ pk: { S: `p${random(2)}` }, sk: { N: String(random(3)) } });
  const item = () => ({ ...key(), x: { S: `x${random(3)}` }, b: { BS: [Buffer.from([random(4)])] } });
  switch (random(6)) {
    case 0:
      return dynamodb.PutItem({ TableName, Item: item() });
    case 1:
      return dynamodb.DeleteItem({ TableName, Key: key() });
    case 2:
      return dynamodb.UpdateItem({
        TableName,
        Key: key(),
        UpdateExpression: "ADD n :n",
        ExpressionAttributeValues: { ":n": { N: String(random(3)) } },
      });
    case 3:
      return dynamodb.PutItem({ TableName, Item: item(), ConditionExpression: "attribute_not_exists(pk)" });
    case 4:
      return dynamodb.BatchWriteItem({
        RequestItems: { tbl: [0, 1, 2].map((sk) => ({ PutRequest: { Item: { ...item(), sk: { N: String(sk) } } } })) },
      });
    default:
      return dynamodb.TransactWriteItems({
        TransactItems: [{ Put: { TableName, Item: item() } }, { Delete: { TableName, Key: key() } }],
      });
  }
}

const sorted = (items: readonly object[]) =>
  items.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();

test.each([1, 2, 3, 4])("replaying the stream gives the table, through shards and restarts, seed %d", async (seed) => {
  const random = randomOf(seed);
  for (let round = 0; round < 8; round++) {
    const outcomes = await Promise.allSettled(Array.from({ length: 15 }, () => randomOperation(random)));
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(AwsError);
    await platform.clock.advance(90 * 60_000);
    if (round % 3 === 2) {
      await platform.restart();
      ({ dynamodb } = platform.aws());
    }
  }
  const records = await readStream(platform, arn, { Limit: 7 });
  expect(records.length).toBeGreaterThan(50);
  const numbers = records.map((record) => record.dynamodb!.SequenceNumber!);
  expect(numbers).toEqual([...new Set(numbers)].toSorted());

  const replayed = new Map<string, object>();
  for (const { eventName, dynamodb: change } of records) {
    const key = JSON.stringify([change!.Keys!["pk"]!.S, change!.Keys!["sk"]!.N]);
    // Each change begins where the one before it on its item ended.
    expect(change!.OldImage).toEqual(replayed.get(key));
    expect(eventName).toBe(!replayed.has(key) ? "INSERT" : change!.NewImage ? "MODIFY" : "REMOVE");
    if (change!.NewImage) replayed.set(key, change!.NewImage);
    else replayed.delete(key);
  }
  const { Items } = await dynamodb.Scan({ TableName: "tbl" });
  expect(sorted([...replayed.values()])).toEqual(sorted(Items!));
});
