import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi, TransactWriteItem } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "one", "id:S", { gsi: { keys: "kind:S" } });
  await makeTable(platform, "two", "pk:S sk:N");
});
afterEach(() => platform.close());

const key = (id: string) => ({ id: { S: id } });
const put = (id: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName: "one", Item: { id: { S: id } }, ...more } as never,
});
const transact = (...TransactItems: TransactWriteItem[]) => dynamodb.TransactWriteItems({ TransactItems });
const found = async (id: string) => (await dynamodb.GetItem({ TableName: "one", Key: key(id) })).Item;

test("puts, updates, deletes and checks in several tables at once", async () => {
  await dynamodb.PutItem({ TableName: "one", Item: { ...key("gone"), kind: { S: "k" } } });
  await dynamodb.PutItem({ TableName: "one", Item: key("checked") });
  const answer = await dynamodb.TransactWriteItems({
    TransactItems: [
      put("a", { Item: { ...key("a"), kind: { S: "k" } } }),
      {
        Update: {
          TableName: "two",
          Key: { pk: { S: "p" }, sk: { N: "1" } },
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
      { Delete: { TableName: "one", Key: key("gone") } },
      { ConditionCheck: { TableName: "one", Key: key("checked"), ConditionExpression: "attribute_exists(id)" } },
    ],
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(answer).toEqual({
    ConsumedCapacity: [
      { TableName: "one", CapacityUnits: 10, WriteCapacityUnits: 10 },
      { TableName: "two", CapacityUnits: 2, WriteCapacityUnits: 2 },
    ],
  });
  expect(await found("gone")).toBeUndefined();
  expect((await dynamodb.Scan({ TableName: "one", IndexName: "gsi" })).Items).toEqual([
    { ...key("a"), kind: { S: "k" } },
  ]);
  expect((await dynamodb.Scan({ TableName: "two" })).Items).toEqual([
    { pk: { S: "p" }, sk: { N: "1" }, n: { N: "1" } },
  ]);
});

test("one failed condition cancels all, and the reasons stand in the order of the actions", async () => {
  await dynamodb.PutItem({ TableName: "one", Item: { ...key("there"), x: { N: "1" } } });
  const condition = { ConditionExpression: "attribute_not_exists(id)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
  await expect(transact(put("new", condition), put("there", condition))).rejects.toMatchObject({
    name: "TransactionCanceledException",
    message:
      "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
    fields: {
      CancellationReasons: [
        { Code: "None" },
        {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { ...key("there"), x: { N: "1" } },
        },
      ],
    },
  });
  expect(await found("new")).toBeUndefined();
});

test("money is neither made nor lost by concurrent transfers", async () => {
  for (const id of ["a", "b", "c"])
    await dynamodb.PutItem({ TableName: "one", Item: { ...key(id), money: { N: "100" } } });
  const move = (from: string, to: string, amount: number) =>
    transact(
      {
        Update: {
          TableName: "one",
          Key: key(from),
          UpdateExpression: "SET money = money - :m",
          ConditionExpression: "money >= :m",
          ExpressionAttributeValues: { ":m": { N: String(amount) } },
        },
      },
      {
        Update: {
          TableName: "one",
          Key: key(to),
          UpdateExpression: "SET money = money + :m",
          ExpressionAttributeValues: { ":m": { N: String(amount) } },
        },
      },
    );
  const accounts = ["a", "b", "c"];
  const transfers = Array.from({ length: 60 }, (_, at) =>
    move(accounts[at % 3]!, accounts[(at * 7 + 1) % 3]!, 1 + (at % 50)),
  );
  await Promise.allSettled(transfers);
  const { Items } = await dynamodb.Scan({ TableName: "one" });
  const balances = Items!.map((item) => Number(item["money"]!.N));
  expect(balances.reduce((sum, each) => sum + each, 0)).toBe(300);
  expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
});

describe("a client token", () => {
  const add = (amount: string) =>
    dynamodb.TransactWriteItems({
      ClientRequestToken: "token",
      TransactItems: [
        {
          Update: {
            TableName: "one",
            Key: key("n"),
            UpdateExpression: "ADD n :a",
            ExpressionAttributeValues: { ":a": { N: amount } },
          },
        },
      ],
    });

  test("makes a repeated request succeed without a second effect, for ten minutes", async () => {
    await add("1");
    await platform.restart();
    ({ dynamodb } = platform.aws());
    await add("1");
    expect((await found("n"))!["n"]).toEqual({ N: "1" });
    await platform.clock.advance(10 * 60_000);
    await platform.idle();
    await add("1");
    expect((await found("n"))!["n"]).toEqual({ N: "2" });
  });

  test("answers a repeated request with what reading its items costs, even if the table has other keys by now", async () => {
    const run = () =>
      dynamodb.TransactWriteItems({
        ClientRequestToken: "other-keys",
        TransactItems: [put("a")],
        ReturnConsumedCapacity: "TOTAL",
      });
    expect((await run()).ConsumedCapacity).toEqual([{ TableName: "one", CapacityUnits: 2, WriteCapacityUnits: 2 }]);
    expect((await run()).ConsumedCapacity).toEqual([{ TableName: "one", CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    await dynamodb.DeleteTable({ TableName: "one" });
    await platform.idle();
    await makeTable(platform, "one", "other:S");
    expect((await run()).ConsumedCapacity).toEqual([{ TableName: "one", CapacityUnits: 2, ReadCapacityUnits: 2 }]);
  });

  test("refuses another request under the same token", async () => {
    await add("1");
    await expect(add("2")).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
  });
});

describe("faults of a single action cancel the transaction with a ValidationError", () => {
  const update = (UpdateExpression: string, more: object = {}): TransactWriteItem => ({
    Update: { TableName: "one", Key: key("a"), UpdateExpression, ...more },
  });
  test.each<[string, TransactWriteItem, string]>([
    [
      "a key of another type in a put",
      { Put: { TableName: "one", Item: { id: { N: "5" } } } },
      "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N",
    ],
    [
      "a key of another type in a delete",
      { Delete: { TableName: "one", Key: { id: { N: "5" } } } },
      "The provided key element does not match the schema",
    ],
    [
      "a change of the key",
      update("REMOVE id"),
      "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
    ],
    [
      "a path into nothing",
      update("REMOVE x.y"),
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "a missing attribute",
      update("SET x = y"),
      "The provided expression refers to an attribute that does not exist in the item",
    ],
  ])("%s", async (_what, action, message) => {
    await expect(transact(put("b"), action)).rejects.toMatchObject({
      name: "TransactionCanceledException",
      fields: { CancellationReasons: [{ Code: "None" }, { Code: "ValidationError", Message: message }] },
    });
    expect(await found("b")).toBeUndefined();
  });
});

test.each<[string, TransactWriteItem[], string]>([
  [
    "two actions on one item",
    [put("a"), { Delete: { TableName: "one", Key: key("a") } }],
    "Transaction request cannot include multiple operations on one item",
  ],
  [
    "an action of two kinds",
    [{ ...put("a"), Delete: { TableName: "one", Key: key("b") } }],
    "TransactItems can only contain one of Check, Put, Update or Delete",
  ],
  [
    "an empty key",
    [put("")],
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id",
  ],
  [
    "a malformed condition",
    [put("a", { ConditionExpression: "attribute_not_exists(" })],
    'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("',
  ],
  [
    "unused values",
    [put("a", { ConditionExpression: "attribute_exists(id)", ExpressionAttributeValues: { ":v": { S: "x" } } })],
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
  ],
  [
    "more than 4 MB",
    Array.from({ length: 11 }, (_, at) =>
      put(String(at), { Item: { ...key(String(at)), big: { S: "x".repeat(400_000) } } }),
    ),
    "Transaction request size has exceeded the maximum allowed size of 4 MB",
  ],
])("refuses %s", async (_what, actions, message) => {
  await expect(transact(...actions)).rejects.toMatchObject({ name: "ValidationException", message });
});

test("refuses tables that do not exist", async () => {
  await expect(transact({ Put: { TableName: "nope", Item: key("a") } })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found",
  });
});

describe("a transaction that meets another", () => {
  const cancelled = (...codes: string[]) => ({
    name: "TransactionCanceledException",
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`,
  });
  const conflict = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };

  test("is cancelled and has taken nothing, while those beside it go on", async () => {
    const outcomes = await Promise.allSettled([
      transact(put("a"), put("b")),
      transact(put("c"), put("b")),
      transact(put("d")),
      dynamodb.PutItem({ TableName: "two", Item: { pk: { S: "b" }, sk: { N: "1" } } }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({
      ...cancelled("None", "TransactionConflict"),
      fields: { CancellationReasons: [{ Code: "None" }, conflict] },
    });
    expect(await found("c")).toBeUndefined();
    // What the first held is free again, and what the second asked for was never held.
    await transact(put("c"), put("b"));
  });

  test("is free again after a failure", async () => {
    const condition = { ConditionExpression: "attribute_exists(id)" };
    await expect(transact(put("a"), put("b", condition))).rejects.toMatchObject(
      cancelled("None", "ConditionalCheckFailed"),
    );
    await transact(put("a"), put("b"));
  });

  test("is cancelled when it only reads", async () => {
    const read = async (id: string) =>
      dynamodb.TransactGetItems({ TransactItems: [{ Get: { TableName: "one", Key: key(id) } }] });
    const conflicts: unknown[] = [];
    const reads = Array.from({ length: 20 }, async (_, turns) => {
      // Some reads come before the write has begun, some while it is under way.
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await read("a").catch((error: unknown) => conflicts.push(error));
      await read("b");
    });
    await Promise.all([transact(put("a")), ...reads]);
    expect(conflicts.length).toBeGreaterThan(0);
    for (const met of conflicts) expect(met).toMatchObject(cancelled("TransactionConflict"));
    expect((await read("a")).Responses).toEqual([{ Item: key("a") }]);
  });

  test("is told when it is itself, under the same token", async () => {
    const run = () => dynamodb.TransactWriteItems({ ClientRequestToken: "t", TransactItems: [put("a")] });
    const [first, second] = await Promise.allSettled([run(), run()]);
    expect(first!.status).toBe("fulfilled");
    expect((second as PromiseRejectedResult).reason).toMatchObject({ name: "TransactionInProgressException" });
    await run();
  });

  test("waits for plain writes, and they for it", async () => {
    const add = (amount: string) => ({
      TableName: "one",
      Key: key("n"),
      UpdateExpression: "ADD n :a",
      ExpressionAttributeValues: { ":a": { N: amount } },
    });
    await Promise.all([
      ...Array.from({ length: 20 }, () => dynamodb.UpdateItem(add("1"))),
      transact({ Update: add("100") }),
      ...Array.from({ length: 20 }, () => dynamodb.UpdateItem(add("1"))),
    ]);
    expect((await found("n"))!["n"]).toEqual({ N: "140" });
  });
});
