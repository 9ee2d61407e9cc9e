import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../api/dynamodb/types.ts";
import { makeTable } from "./test-tables.ts";

let platform: TestPlatform;
/** May do all on the items whose partition key is `alice`. */
let alice: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  const { iam, dynamodb } = platform.aws();
  await makeTable(platform, "games", "player:S game:N", { byTeam: { keys: "team:S" } });
  for (const player of ["alice", "bob"]) {
    await dynamodb.PutItem({
      TableName: "games",
      Item: { player: { S: player }, game: { N: "1" }, team: { S: player } },
    });
  }
  const { User } = await iam.CreateUser({ UserName: "alice" });
  await iam.PutUserPolicy({
    UserName: "alice",
    PolicyName: "own-items",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Action: "dynamodb:*",
        Resource: ["arn:aws:dynamodb:*:*:table/games", "arn:aws:dynamodb:*:*:table/games/index/*"],
        Condition: {
          "ForAllValues:StringEquals": {
            "dynamodb:LeadingKeys": ["alice"],
            "dynamodb:Attributes": ["player", "game", "team", "score"],
          },
        },
      },
    }),
  });
  const account = "000000000000";
  alice = platform.aws({ kind: "user", account, arn: User!.Arn!, userName: "alice", userId: User!.UserId! }).dynamodb;
});
afterEach(() => platform.close());

const Key = (player: string) => ({ player: { S: player }, game: { N: "1" } });
const TableName = "games";

/** Every operation, on the items of one player. */
const calls = (player: string): Record<string, () => Promise<unknown>> => ({
  GetItem: () => alice.GetItem({ TableName, Key: Key(player) }),
  PutItem: () => alice.PutItem({ TableName, Item: Key(player) }),
  UpdateItem: () =>
    alice.UpdateItem({
      TableName,
      Key: Key(player),
      UpdateExpression: "ADD score :s",
      ExpressionAttributeValues: { ":s": { N: "1" } },
    }),
  DeleteItem: () => alice.DeleteItem({ TableName, Key: Key(player) }),
  Query: () =>
    alice.Query({
      TableName,
      KeyConditionExpression: "#p = :p",
      ExpressionAttributeNames: { "#p": "player" },
      ExpressionAttributeValues: { ":p": { S: player } },
    }),
  "Query in the old way": () =>
    alice.Query({
      TableName,
      KeyConditions: { player: { ComparisonOperator: "EQ", AttributeValueList: [{ S: player }] } },
    }),
  "Query of an index": () =>
    alice.Query({
      TableName,
      IndexName: "byTeam",
      KeyConditionExpression: "team = :p",
      ExpressionAttributeValues: { ":p": { S: player } },
    }),
  BatchGetItem: () =>
    alice.BatchGetItem({
      RequestItems: { games: { Keys: [Key("alice"), ...(player === "alice" ? [] : [Key(player)])] } },
    }),
  BatchWriteItem: () => alice.BatchWriteItem({ RequestItems: { games: [{ PutRequest: { Item: Key(player) } }] } }),
  TransactGetItems: () => alice.TransactGetItems({ TransactItems: [{ Get: { TableName, Key: Key(player) } }] }),
  TransactWriteItems: () => alice.TransactWriteItems({ TransactItems: [{ Delete: { TableName, Key: Key(player) } }] }),
});

test.each(Object.keys(calls("alice")))(
  "a policy on leading keys lets %s at one's own items only",
  async (operation) => {
    await calls("alice")[operation]!();
    await expect(calls("bob")[operation]!()).rejects.toMatchObject({ name: "AccessDeniedException" });
  },
);

test("a policy on attributes refuses requests that name others", async () => {
  const get = (ProjectionExpression: string) => alice.GetItem({ TableName, Key: Key("alice"), ProjectionExpression });
  await get("team, score");
  await expect(get("secret")).rejects.toMatchObject({ name: "AccessDeniedException" });
  const expecting = { TableName, Key: Key("alice"), Expected: { secret: { Exists: false } } };
  await expect(alice.DeleteItem(expecting)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const update = alice.UpdateItem({ TableName, Key: Key("alice"), UpdateExpression: "SET score = secret.x" });
  await expect(update).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("an action or table that no policy allows is refused", async () => {
  await expect(alice.DescribeTable({ TableName: "other" })).rejects.toMatchObject({ name: "AccessDeniedException" });
});
