import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi, ExecuteTransactionInput, ParameterizedStatement } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

// Recorded on AWS by github.com/nubo-db/dynamodb-conformance (tests/tier2/partiql/executeTransaction.test.ts) and
// github.com/floci-io/floci (DynamoDbPartiQLEdgeCaseIntegrationTest).

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "Tab", "pk:S sk:S", { gsi: { keys: "g:S" } });
  await makeTable(platform, "Uni", "pk:S");
  await dynamodb.PutItem({ TableName: "Tab", Item: { pk: { S: "a" }, sk: { S: "1" }, flag: { S: "x" } } });
  await dynamodb.PutItem({ TableName: "Uni", Item: { pk: { S: "a" }, n: { N: "0" } } });
});
afterEach(() => platform.close());

const members = (statements: readonly (string | ParameterizedStatement)[]) =>
  statements.map((each) => (typeof each === "string" ? { Statement: each } : each));
const transact = (...statements: (string | ParameterizedStatement)[]) =>
  dynamodb.ExecuteTransaction({ TransactStatements: members(statements) });
const found = async (pk: string) => (await dynamodb.GetItem({ TableName: "Uni", Key: { pk: { S: pk } } })).Item;
const cancelled = (...CancellationReasons: object[]) => ({
  name: "TransactionCanceledException",
  fields: { CancellationReasons },
});
const none = { Code: "None" };
const mismatch = { Code: "ValidationError", Message: "The provided key element does not match the schema" };

test("writes several items at once, at twice the price", async () => {
  const answer = await dynamodb.ExecuteTransaction({
    TransactStatements: members([
      "INSERT INTO Uni VALUE {'pk': 'new'}",
      { Statement: "UPDATE Uni SET n = n + ? WHERE pk = 'a'", Parameters: [{ N: "1" }] },
      "DELETE FROM Uni WHERE pk = 'none'",
      "EXISTS(SELECT * FROM Tab WHERE (pk = 'a' AND sk = '1') AND Awards IS MISSING)",
    ]),
    ReturnConsumedCapacity: "TOTAL",
  });
  expect(answer).toEqual({
    Responses: [{}, {}, {}, {}],
    ConsumedCapacity: [
      { TableName: "Uni", CapacityUnits: 6, WriteCapacityUnits: 6 },
      { TableName: "Tab", CapacityUnits: 2, WriteCapacityUnits: 2 },
    ],
  });
  expect(await found("new")).toEqual({ pk: { S: "new" } });
  expect(await found("a")).toEqual({ pk: { S: "a" }, n: { N: "1" } });
});

test("one statement that cannot be cancels all, and the reasons stand in their order", async () => {
  await expect(
    transact("INSERT INTO Uni VALUE {'pk': 'new'}", "INSERT INTO Uni VALUE {'pk': 'a'}"),
  ).rejects.toMatchObject({
    ...cancelled(none, { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" }),
    message: "Transaction cancelled, please refer cancellation reasons for specific reasons [None, DuplicateItem]",
  });
  await expect(
    transact(
      {
        Statement: "EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND flag = 'y')",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      "UPDATE Uni SET n = 1 WHERE pk = 'a'",
      "UPDATE Uni SET n = 1 WHERE pk = 'none'",
    ),
  ).rejects.toMatchObject(
    cancelled(
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { pk: { S: "a" }, sk: { S: "1" }, flag: { S: "x" } },
      },
      none,
      { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
    ),
  );
  expect(await found("new")).toBeUndefined();
  expect(await found("a")).toMatchObject({ n: { N: "0" } });
});

test("statements that do not name one item cancel the transaction", async () => {
  const update = "UPDATE Tab SET a = 1 WHERE";
  await expect(
    transact(
      `${update} pk = 'a'`,
      `${update} pk IN ['a'] AND sk = '2'`,
      `${update} pk = 'a' AND sk = '3' AND pk = 'b'`,
      `${update} pk = 'a' AND sk = 4`,
      `${update} pk = 'a' AND sk = '1'`,
      "INSERT INTO Tab VALUE {'pk': 'a'}",
    ),
  ).rejects.toMatchObject(
    cancelled(mismatch, { Code: "ValidationError" }, { Code: "ValidationError" }, mismatch, none, {
      Code: "ValidationError",
      Message: "One or more parameter values were invalid: Missing the key sk in the item",
    }),
  );
  await expect(
    transact(
      "EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND pk = 'b' AND flag = 'x')",
      "DELETE FROM Uni WHERE pk = 'a'",
    ),
  ).rejects.toMatchObject(cancelled({ Code: "ConditionalCheckFailed" }, none));
});

test("tables that do not exist cancel the transaction, once all else is right", async () => {
  const missing = { Code: "ResourceNotFound", Message: "Requested resource not found" };
  await expect(
    transact("UPDATE nope SET a = 1 WHERE pk = 'x' RETURNING ALL NEW *", "DELETE FROM Uni WHERE pk = 'a'"),
  ).rejects.toMatchObject(cancelled(missing, none));
  await expect(
    transact("SELECT * FROM Uni WHERE pk = 'a'", `SELECT * FROM "nope"."idx" WHERE pk = 'x'`),
  ).rejects.toMatchObject(cancelled(none, missing));
  await expect(
    transact("UPDATE nope SET a = 1 WHERE pk = 'x'", "DELETE FROM Uni WHERE pk = 'a' RETURNING ALL OLD *"),
  ).rejects.toMatchObject({
    message: "Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.",
  });
});

describe("reads", () => {
  test("several items at once, at twice the price", async () => {
    const answer = await dynamodb.ExecuteTransaction({
      TransactStatements: members([
        "SELECT * FROM Uni WHERE pk = 'a'",
        "SELECT flag FROM Tab WHERE (sk = '1') AND pk = 'a' AND pk = 'a'",
        "SELECT * FROM Tab WHERE pk IN ['a'] AND sk = '2'",
      ]),
      ReturnConsumedCapacity: "TOTAL",
    });
    expect(answer).toEqual({
      Responses: [{ Item: { pk: { S: "a" }, n: { N: "0" } } }, { Item: { flag: { S: "x" } } }, {}],
      ConsumedCapacity: [
        { TableName: "Uni", CapacityUnits: 2, ReadCapacityUnits: 2 },
        { TableName: "Tab", CapacityUnits: 4, ReadCapacityUnits: 4 },
      ],
    });
  });

  const mustName = "Select statements within ExecuteTransaction must specify the primary key in the where clause.";
  test.each([
    ["pk = 'a' AND sk = '1' AND flag = 'x'", mustName],
    ["pk = 'a' AND sk = '1' AND pk = 'b'", mustName],
    ["pk = 'a'", mustName],
    ["pk IN ['b'] AND pk = 'a' AND sk = '1'", mustName],
    ["pk IN ['a', 'a'] AND sk = '1'", "Overlapping conditions with range keys are not supported in where clause"],
  ])("refuses WHERE %s", async (where, message) => {
    await expect(transact(`SELECT * FROM Tab WHERE ${where}`)).rejects.toMatchObject({
      name: "ValidationException",
      message: `Validation failed in TransactStatements[0]: ${message}`,
    });
  });

  test("refuses indexes, keys of other types, and one item twice", async () => {
    await expect(transact(`SELECT * FROM "Tab"."gsi" WHERE g = 'x'`)).rejects.toMatchObject({
      message: "Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.",
    });
    const select = "SELECT * FROM Tab WHERE pk = 'a' AND sk = '1'";
    await expect(transact(select, select, "SELECT * FROM Tab WHERE pk = 1 AND sk = '1'")).rejects.toMatchObject(
      cancelled(none, none, mismatch),
    );
    await expect(transact(select, "SELECT flag FROM Tab WHERE sk = '1' AND pk = 'a'")).rejects.toMatchObject({
      message: "Transaction request cannot include multiple operations on one item",
    });
  });
});

test.each<[string, string[], string]>([
  [
    "a statement that cannot be read",
    ["DELETE FROM Uni WHERE pk = 'a'", "SELECT * FROM Tab WHERE"],
    "Validation failed in TransactStatements[1]: Statement wasn't well formed, can't be processed: Unexpected term",
  ],
  [
    "reads together with writes",
    ["SELECT * FROM Uni WHERE pk = 'a'", "DELETE FROM Uni WHERE pk = 'b'"],
    "ExecuteTransaction API does not support both read and write operations in the same request.",
  ],
  [
    "RETURNING",
    ["UPDATE Uni SET n = 1 WHERE pk = 'a' RETURNING ALL NEW *"],
    "Validation failed in TransactStatements[0]: RETURNING clause is not supported in ExecuteTransaction.",
  ],
  [
    "writes to an index",
    [`UPDATE "Tab"."gsi" SET n = 1 WHERE pk = 'a' AND sk = '1'`],
    "Validation failed in TransactStatements[0]: This operation is not supported on an index",
  ],
  [
    "EXISTS that asks nothing but the key",
    ["EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1')"],
    "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition",
  ],
  [
    "EXISTS without the whole key",
    ["EXISTS(SELECT * FROM Tab WHERE pk IN ['a'] AND sk = '1' AND flag = 'x')"],
    "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition",
  ],
  [
    "one item twice",
    ["DELETE FROM Uni WHERE pk = 'a'", "INSERT INTO Uni VALUE {'pk': 'a'}"],
    "Transaction request cannot include multiple operations on one item",
  ],
  [
    "a number beyond the range",
    ["UPDATE Uni SET n = 1e126 WHERE pk = 'a'"],
    "Validation failed in TransactStatements[0]: Number overflow. Attempting to store a number with magnitude larger than supported range under root",
  ],
])("refuses %s", async (_what, statements, message) => {
  await expect(transact(...statements)).rejects.toMatchObject({ name: "ValidationException", message });
});

test("parameters are looked at before any statement is read", async () => {
  await expect(
    transact("nonsense", { Statement: "INSERT INTO Uni VALUE {'pk': ?}", Parameters: [{ NS: ["1", "1.0"] }] }),
  ).rejects.toMatchObject({ name: "ValidationException", message: "Input collection contains duplicates" });
});

test("refuses more than 4 MB and more than 100 statements", async () => {
  const big = Array.from({ length: 11 }, (_, at) => ({
    Statement: "INSERT INTO Uni VALUE {'pk': ?, 'big': ?}",
    Parameters: [{ S: String(at) }, { S: "x".repeat(400_000) }],
  }));
  await expect(transact(...big)).rejects.toMatchObject({
    message: "Transaction request size has exceeded the maximum allowed size of 4 MB",
  });
  const many = Array.from({ length: 101 }, (_, at) => `INSERT INTO Uni VALUE {'pk': '${at}'}`);
  await expect(transact(...many)).rejects.toMatchObject({ name: "ValidationException" });
  expect((await transact(...many.slice(1))).Responses).toHaveLength(100);
});

describe("a client token", () => {
  const add = (amount: number, more: Partial<ExecuteTransactionInput> = {}) =>
    dynamodb.ExecuteTransaction({
      ClientRequestToken: "token",
      TransactStatements: [{ Statement: `UPDATE Uni SET n = n + ${amount} WHERE pk = 'a'` }],
      ReturnConsumedCapacity: "INDEXES",
      ...more,
    });

  test("makes a repeated request succeed without a second effect, for ten minutes and over a restart", async () => {
    expect((await add(1)).ConsumedCapacity).toMatchObject([{ WriteCapacityUnits: 2 }]);
    await platform.restart();
    ({ dynamodb } = platform.aws());
    const replayed = (await add(1)).ConsumedCapacity![0]!;
    expect(replayed).toMatchObject({ ReadCapacityUnits: 2 });
    expect(replayed.WriteCapacityUnits).toBeUndefined();
    expect(await found("a")).toMatchObject({ n: { N: "1" } });
    await platform.clock.advance(10 * 60_000);
    await platform.idle();
    await add(1);
    expect(await found("a")).toMatchObject({ n: { N: "2" } });
  });

  test("refuses another request under the same token", async () => {
    await add(1);
    await expect(add(2)).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
      message: "The request uses the same client token as a previous, but non-identical request.",
    });
  });
});
