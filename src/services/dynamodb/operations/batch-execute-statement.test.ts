import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { BatchStatementRequest, DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

// Recorded on AWS by github.com/nubo-db/dynamodb-conformance, tests/tier2/partiql/batchExecuteStatement.test.ts.

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "Tab", "pk:S sk:S", { gsi: { keys: "g:S" } });
  await makeTable(platform, "Uni", "pk:S");
  for (const sk of ["1", "2"]) {
    await dynamodb.PutItem({ TableName: "Tab", Item: { pk: { S: "a" }, sk: { S: sk }, v: { S: "here" } } });
  }
});
afterEach(() => platform.close());

const batch = (...statements: (string | BatchStatementRequest)[]) =>
  dynamodb.BatchExecuteStatement({
    Statements: statements.map((each) => (typeof each === "string" ? { Statement: each } : each)),
    ReturnConsumedCapacity: "TOTAL",
  });
const mustName = "Select statements within BatchExecuteStatement must specify the primary key in the where clause.";

test("reads items in the order of the statements, each at its own price", async () => {
  expect(
    await batch(
      { Statement: "SELECT sk, v FROM Tab WHERE pk = ? AND sk = '2'", Parameters: [{ S: "a" }] },
      { Statement: "SELECT * FROM Tab WHERE pk IN ['a'] AND sk = '1'", ConsistentRead: true },
      "SELECT * FROM Uni WHERE pk = 'none'",
    ),
  ).toEqual({
    Responses: [
      { TableName: "Tab", Item: { sk: { S: "2" }, v: { S: "here" } } },
      { TableName: "Tab", Item: { pk: { S: "a" }, sk: { S: "1" }, v: { S: "here" } } },
      { TableName: "Uni" },
    ],
    ConsumedCapacity: [
      { TableName: "Tab", CapacityUnits: 1.5 },
      { TableName: "Uni", CapacityUnits: 0.5 },
    ],
  });
});

test("a statement that fails leaves the others alone, and names its table if it came that far", async () => {
  const { Responses } = await batch(
    "SLECT * FROM Tab WHERE pk = 'a'",
    "INSERT INTO Tab VALUE {'pk': 'a', 'sk': '1'}",
    "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1' AND v = 'wrong'",
    {
      Statement: "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1' AND v = 'wrong'",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
    "DELETE FROM Tab WHERE pk = 'a' AND sk = '2' RETURNING ALL OLD *",
    "DELETE FROM Tab WHERE pk = 'a' AND sk = '2' RETURNING MODIFIED OLD *",
    "UPDATE Tab SET n = 1 WHERE pk = 'a'",
    "INSERT INTO nope VALUE {'pk': 'a'}",
    { Statement: "INSERT INTO Uni VALUE {'pk': ?}", Parameters: [{ SS: [] }] },
    "UPDATE Tab SET n = n + 1 WHERE pk = 'a' AND sk = '1'",
    "INSERT INTO Uni VALUE {'pk': 'new'}",
    "UPDATE Uni SET n = 2 WHERE pk = 'new' RETURNING MODIFIED NEW *",
    "UPDATE Uni REMOVE n WHERE pk = 'new' RETURNING MODIFIED NEW *",
  );
  const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
  const item = { pk: { S: "a" }, sk: { S: "1" }, v: { S: "here" } };
  const validation = (Message: string) => ({ Error: { Code: "ValidationError", Message } });
  expect(Responses).toEqual([
    validation("Statement wasn't well formed, can't be processed: Expected data manipulation"),
    { Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" }, TableName: "Tab" },
    { Error: failed, TableName: "Tab" },
    { Error: { ...failed, Item: item }, TableName: "Tab" },
    { TableName: "Tab", Item: { ...item, sk: { S: "2" } } },
    validation(
      "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
    ),
    validation("Where clause does not contain a mandatory equality on all key attributes"),
    { Error: { Code: "ResourceNotFound", Message: "Requested resource not found" } },
    validation("One or more parameter values were invalid: An string set  may not be empty"),
    {
      ...validation("The provided expression refers to an attribute that does not exist in the item"),
      TableName: "Tab",
    },
    { TableName: "Uni" },
    { TableName: "Uni", Item: { n: { N: "2" } } },
    { TableName: "Uni" },
  ]);
  expect((await dynamodb.Scan({ TableName: "Tab" })).Items).toEqual([item]);
  expect((await dynamodb.Scan({ TableName: "Uni" })).Items).toEqual([{ pk: { S: "new" } }]);
});

test.each([
  "SELECT * FROM Tab WHERE v = 'here'",
  "SELECT * FROM Tab WHERE pk = 'a'",
  "SELECT * FROM Tab",
  "SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND v = 'here'",
  "SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND pk = 'b'",
  `SELECT * FROM "Tab"."gsi" WHERE g = 'x'`,
  `SELECT * FROM "Tab"."gsi" WHERE pk = 'a' AND sk = '1' AND g = 'x'`,
])("refuses %s, because it does not read one item by its key", async (statement) => {
  const { Responses } = await batch(statement, "SELECT sk FROM Tab WHERE pk = 'a' AND sk = '1'");
  expect(Responses).toEqual([
    { Error: { Code: "ValidationError", Message: mustName } },
    { TableName: "Tab", Item: { sk: { S: "1" } } },
  ]);
});

test("refuses reads together with writes, and EXISTS", async () => {
  await expect(batch("SELECT * FROM Uni WHERE pk = 'a'", "INSERT INTO Uni VALUE {'pk': 'a'}")).rejects.toMatchObject({
    name: "ValidationException",
    message: "BatchExecuteStatement API does not support both read and write operations in the same request.",
  });
  const { Responses } = await batch("EXISTS(SELECT * FROM Uni WHERE pk = 'a' AND n IS MISSING)");
  expect(Responses![0]!.Error).toEqual({
    Code: "ValidationError",
    Message: "EXISTS can only be used in ExecuteTransaction write requests.",
  });
});

test("refuses none and more than 25 statements", async () => {
  for (const count of [0, 26]) {
    const statements = Array.from({ length: count }, () => "SELECT * FROM Uni WHERE pk = 'a'");
    await expect(batch(...statements)).rejects.toMatchObject({ name: "ValidationException" });
  }
});
