import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "id:S", { gsi: { keys: "kind:S" } });
});
afterEach(() => platform.close());

const specify = (Enabled: boolean, AttributeName = "due") =>
  dynamodb.UpdateTimeToLive({ TableName: "tbl", TimeToLiveSpecification: { Enabled, AttributeName } });
/** Seconds from now, as the attribute wants it. */
const inSeconds = (seconds: number) => ({ N: String(Math.floor(platform.clock.now() / 1000) + seconds) });
const put = (id: string, more: object = {}) =>
  dynamodb.PutItem({ TableName: "tbl", Item: { id: { S: id }, kind: { S: "k" }, ...more } as never });
const ids = async (IndexName?: string) =>
  (await dynamodb.Scan({ TableName: "tbl", IndexName })).Items!.map((item) => item["id"]!.S).toSorted();
const pass = async (seconds: number) => {
  await platform.clock.advance(seconds * 1000);
  await platform.idle();
};

test("items go when their time comes, from the indexes too, and after a restart in between", async () => {
  await specify(true);
  await put("soon", { due: inSeconds(10) });
  await put("later", { due: inSeconds(100) });
  await put("never");
  await put("text", { due: { S: "10" } });
  await pass(9);
  expect(await ids()).toEqual(["later", "never", "soon", "text"]);
  await platform.restart();
  ({ dynamodb } = platform.aws());
  await pass(1);
  expect(await ids()).toEqual(["later", "never", "text"]);
  expect(await ids("gsi")).toEqual(["later", "never", "text"]);
  await pass(90);
  expect(await ids()).toEqual(["never", "text"]);
});

test("what was there before it was enabled expires as well, however much", async () => {
  for (let id = 0; id < 450; id++) await put(String(id), { due: inSeconds(10) });
  await put("old", { due: inSeconds(-10) });
  await specify(true);
  await platform.idle();
  expect(await ids()).toHaveLength(450);
  await pass(10);
  expect(await ids()).toEqual([]);
});

test("an item that is given another time, or none, follows the last word", async () => {
  await specify(true);
  await put("moved", { due: inSeconds(10) });
  await put("freed", { due: inSeconds(10) });
  await put("again", { due: inSeconds(10) });
  const update = (id: string, UpdateExpression: string, due?: object) =>
    dynamodb.UpdateItem({
      TableName: "tbl",
      Key: { id: { S: id } },
      UpdateExpression,
      ...(due && { ExpressionAttributeValues: { ":d": due as never } }),
    });
  await update("moved", "SET due = :d", inSeconds(20));
  await update("freed", "REMOVE due");
  await dynamodb.DeleteItem({ TableName: "tbl", Key: { id: { S: "again" } } });
  await put("again");
  await pass(10);
  expect(await ids()).toEqual(["again", "freed", "moved"]);
  await pass(10);
  expect(await ids()).toEqual(["again", "freed"]);
});

test("items of binary keys expire, batches and transactions count, times of long ago do not", async () => {
  await makeTable(platform, "bin", "pk:B sk:N");
  await dynamodb.UpdateTimeToLive({
    TableName: "bin",
    TimeToLiveSpecification: { Enabled: true, AttributeName: "due" },
  });
  const item = (byte: number, due: object) => ({
    pk: { B: Uint8Array.of(0, byte) },
    sk: { N: "1" },
    due: due as never,
  });
  await dynamodb.BatchWriteItem({ RequestItems: { bin: [{ PutRequest: { Item: item(1, inSeconds(5)) } }] } });
  await dynamodb.TransactWriteItems({ TransactItems: [{ Put: { TableName: "bin", Item: item(2, inSeconds(5)) } }] });
  await dynamodb.PutItem({ TableName: "bin", Item: item(3, inSeconds(-6 * 365 * 86_400)) });
  await pass(5);
  const left = (await dynamodb.Scan({ TableName: "bin" })).Items!;
  expect(left.map((each) => each["pk"]!.B![1])).toEqual([3]);
});

test("nothing expires any more when it is disabled", async () => {
  await specify(true);
  await put("kept", { due: inSeconds(10) });
  await specify(false);
  await pass(20);
  expect(await ids()).toEqual(["kept"]);
});

test("refuses to enable or disable twice, or another attribute", async () => {
  await expect(specify(false)).rejects.toMatchObject({ message: "TimeToLive is already disabled" });
  await specify(true);
  await expect(specify(true)).rejects.toMatchObject({ message: "TimeToLive is already enabled" });
  await expect(specify(true, "other")).rejects.toMatchObject({
    message: "TimeToLive is active on a different AttributeName: current AttributeName is due",
  });
});
