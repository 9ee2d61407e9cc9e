import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;

beforeEach(async () => {
  platform = await TestPlatform.start();
  await makeTable(platform, "games", "player:S", { byTeam: { keys: "team:S" } });
  await platform.aws().dynamodb.PutItem({ TableName: "games", Item: { player: { S: "alice" }, team: { S: "red" } } });
});
afterEach(() => platform.close());

/** A user who may do what a statement of a policy says. */
async function userWho(statement: object): Promise<DynamoDBApi> {
  const { iam } = platform.aws();
  const { User } = await iam.CreateUser({ UserName: "user" });
  await iam.PutUserPolicy({
    UserName: "user",
    PolicyName: "policy",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  });
  const account = "000000000000";
  return platform.aws({ kind: "user", account, arn: User!.Arn!, userName: "user", userId: User!.UserId! }).dynamodb;
}

const denied = { name: "AccessDeniedException" };
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/games";
const statements: Readonly<Record<string, string>> = {
  PartiQLSelect: "SELECT * FROM games WHERE player = 'alice'",
  PartiQLInsert: "INSERT INTO games VALUE {'player': 'bob'}",
  PartiQLUpdate: "UPDATE games SET n = 1 WHERE player = 'alice'",
  PartiQLDelete: "DELETE FROM games WHERE player = 'alice'",
};

describe.each(Object.keys(statements))("dynamodb:%s", (action) => {
  test("allows its statements and no others", async () => {
    const dynamodb = await userWho({ Effect: "Allow", Action: `dynamodb:${action}`, Resource: table });
    for (const [name, Statement] of Object.entries(statements)) {
      const one = dynamodb.ExecuteStatement({ Statement });
      const batch = dynamodb.BatchExecuteStatement({ Statements: [{ Statement }] });
      const transaction = dynamodb.ExecuteTransaction({ TransactStatements: [{ Statement }] });
      if (name === action) await Promise.allSettled([one, batch, transaction]);
      for (const call of [one, batch, transaction]) {
        if (name !== action) await expect(call).rejects.toMatchObject(denied);
        // What is allowed may still fail: the three statements meet the same item.
        else await call.catch((error: unknown) => expect(error).not.toMatchObject(denied));
      }
    }
  });
});

test("indexes are resources of their own", async () => {
  const dynamodb = await userWho({
    Effect: "Allow",
    Action: "dynamodb:PartiQLSelect",
    Resource: `${table}/index/byTeam`,
  });
  const { Items } = await dynamodb.ExecuteStatement({ Statement: `SELECT * FROM "games"."byTeam" WHERE team = 'red'` });
  expect(Items).toHaveLength(1);
  await expect(dynamodb.ExecuteStatement({ Statement: statements["PartiQLSelect"]! })).rejects.toMatchObject(denied);
});

test("scans can be told from reads by key", async () => {
  const dynamodb = await userWho({
    Effect: "Allow",
    Action: "dynamodb:PartiQLSelect",
    Resource: table,
    Condition: { Bool: { "dynamodb:FullTableScan": "false" } },
  });
  await dynamodb.ExecuteStatement({ Statement: statements["PartiQLSelect"]! });
  await dynamodb.ExecuteStatement({ Statement: "SELECT * FROM games WHERE player IN ['alice', 'bob']" });
  for (const where of ["", " WHERE team = 'red'", " WHERE player = 'alice' OR team = 'red'"]) {
    const call = dynamodb.ExecuteStatement({ Statement: `SELECT * FROM games${where}` });
    await expect(call).rejects.toMatchObject(denied);
  }
});

test("leading keys and attributes hold", async () => {
  const dynamodb = await userWho({
    Effect: "Allow",
    Action: "dynamodb:PartiQL*",
    Resource: table,
    Condition: {
      "ForAllValues:StringEquals": {
        "dynamodb:LeadingKeys": ["alice"],
        "dynamodb:Attributes": ["player", "n"],
      },
    },
  });
  const run = (Statement: string) =>
    dynamodb.ExecuteStatement({ Statement, Parameters: Statement.includes("?") ? [{ S: "bob" }] : undefined });
  await run("SELECT n FROM games WHERE player = 'alice'");
  await run("UPDATE games SET n = 1 WHERE player = 'alice'");
  for (const statement of [
    "SELECT n FROM games WHERE player = ?",
    "SELECT n FROM games WHERE player IN ['alice', 'bob']",
    "SELECT team FROM games WHERE player = 'alice'",
    "UPDATE games SET team = 'blue' WHERE player = 'alice'",
    "UPDATE games SET n = 1 WHERE player = 'alice' AND team = 'red'",
    "INSERT INTO games VALUE {'player': ?}",
    "DELETE FROM games WHERE player = ?",
  ]) {
    await expect(run(statement), statement).rejects.toMatchObject(denied);
  }
});

test("what cannot be read is refused as such, whatever the rights", async () => {
  const dynamodb = await userWho({ Effect: "Allow", Action: "dynamodb:PartiQLSelect", Resource: table });
  await expect(dynamodb.ExecuteStatement({ Statement: "SELECT" })).rejects.toMatchObject({
    name: "ValidationException",
  });
});
