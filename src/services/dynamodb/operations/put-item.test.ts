import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "users", "id:N");
});
afterEach(() => platform.close());

test("an item that was put is read back, before and after a restart", async () => {
  const Item = {
    id: { N: "7" },
    s: { S: "" },
    b: { B: Uint8Array.of(0, 255) },
    ss: { SS: ["a", "b"] },
    bs: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
    doc: { M: { list: { L: [{ BOOL: true }, { NULL: true }, { B: Uint8Array.of(9) }] } } },
  };
  await dynamodb.PutItem({ TableName: "users", Item });
  const before = await dynamodb.GetItem({ TableName: "users", Key: { id: { N: "7" } } });
  await platform.restart();
  const after = await platform.aws().dynamodb.GetItem({ TableName: "users", Key: { id: { N: "7.0" } } });
  expect(JSON.stringify(before.Item)).toEqual(JSON.stringify(after.Item));
  expect(after.Item?.["doc"]).toEqual({
    M: { list: { L: [{ BOOL: true }, { NULL: true }, { B: Buffer.from([9]) }] } },
  });
});

test("a put replaces the whole item and ALL_OLD gives what was there", async () => {
  await dynamodb.PutItem({ TableName: "users", Item: { id: { N: "1" }, a: { S: "x" } } });
  const second = await dynamodb.PutItem({ TableName: "users", Item: { id: { N: "1" } }, ReturnValues: "ALL_OLD" });
  expect(second.Attributes).toEqual({ id: { N: "1" }, a: { S: "x" } });
  expect((await dynamodb.GetItem({ TableName: "users", Key: { id: { N: "1" } } })).Item).toEqual({ id: { N: "1" } });
});

test("names like __proto__ and constructor are attributes like any other", async () => {
  const Item = JSON.parse('{"id":{"N":"1"},"__proto__":{"S":"p"},"constructor":{"N":"1.0"}}');
  await dynamodb.PutItem({ TableName: "users", Item });
  const { Item: found } = await dynamodb.GetItem({ TableName: "users", Key: { id: { N: "1" } } });
  expect(Object.keys(found!)).toEqual(["id", "__proto__", "constructor"]);
  await expect(
    dynamodb.PutItem({
      TableName: "users",
      Item: { id: { N: "2" } },
      ConditionExpression: "attribute_exists(toString)",
    }),
  ).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
});

test("a failed condition changes nothing and gives the item when asked", async () => {
  await dynamodb.PutItem({ TableName: "users", Item: { id: { N: "1" }, a: { S: "old" } } });
  await expect(
    dynamodb.PutItem({
      TableName: "users",
      Item: { id: { N: "1" }, a: { S: "new" } },
      ConditionExpression: "attribute_not_exists(id)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  ).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
    fields: { Item: { id: { N: "1" }, a: { S: "old" } } },
  });
});

test("of concurrent puts that each expect no item exactly one succeeds", async () => {
  const attempts = Array.from({ length: 20 }, (_, at) =>
    dynamodb.PutItem({
      TableName: "users",
      Item: { id: { N: "1" }, winner: { N: String(at) } },
      ConditionExpression: "attribute_not_exists(id)",
    }),
  );
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
});

describe("refuses", () => {
  const refusals: readonly [what: string, input: object, message: string][] = [
    [
      "an item without its key",
      { Item: { a: { S: "x" } } },
      "One or more parameter values were invalid: Missing the key id in the item",
    ],
    [
      "a key of another type",
      { Item: { id: { S: "x" } } },
      "One or more parameter values were invalid: Type mismatch for key id expected: N actual: S",
    ],
    [
      "a value without a type",
      { Item: { id: { N: "1" }, a: {} } },
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ],
    [
      "a value of two types",
      { Item: { id: { N: "1" }, a: { S: "x", N: "1" } } },
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    ],
    ["a text as number", { Item: { id: { N: "one" } } }, "The parameter cannot be converted to a numeric value: one"],
    ["an empty number", { Item: { id: { N: "" } } }, "The parameter cannot be converted to a numeric value"],
    [
      "an empty string set",
      { Item: { id: { N: "1" }, a: { SS: [] } } },
      "One or more parameter values were invalid: An string set  may not be empty",
    ],
    [
      "an empty number set",
      { Item: { id: { N: "1" }, a: { NS: [] } } },
      "One or more parameter values were invalid: An number set  may not be empty",
    ],
    [
      "duplicates in a string set",
      { Item: { id: { N: "1" }, a: { SS: ["a", "a"] } } },
      "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
    ],
    [
      "duplicates in a number set",
      { Item: { id: { N: "1" }, a: { NS: ["1", "1.0"] } } },
      "Input collection contains duplicates",
    ],
    [
      "ReturnValues of an update",
      { Item: { id: { N: "1" } }, ReturnValues: "UPDATED_NEW" },
      "ReturnValues can only be ALL_OLD or NONE",
    ],
    [
      "values without an expression",
      { Item: { id: { N: "1" } }, ExpressionAttributeValues: { ":v": { S: "x" } } },
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    ],
    [
      "names without an expression",
      { Item: { id: { N: "1" } }, ExpressionAttributeNames: { "#n": "x" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "old and new conditions together",
      {
        Item: { id: { N: "1" } },
        Expected: { id: { Exists: false } },
        ConditionExpression: "attribute_not_exists(id)",
      },
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}",
    ],
    [
      "an item over 400 KB",
      { Item: { id: { N: "1" }, a: { S: "x".repeat(409_600) } } },
      "Item size has exceeded the maximum allowed size",
    ],
  ];
  test.each(refusals)("%s", async (_what, input, message) => {
    await expect(dynamodb.PutItem({ TableName: "users", ...input } as never)).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
  });

  test("a table that does not exist", async () => {
    await expect(dynamodb.PutItem({ TableName: "nobody", Item: { id: { N: "1" } } })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  test("documents deeper than 32 levels", async () => {
    const nest = (levels: number): object => (levels === 0 ? { S: "x" } : { L: [nest(levels - 1)] });
    const put = (levels: number) =>
      dynamodb.PutItem({ TableName: "users", Item: { id: { N: "1" }, deep: nest(levels) } });
    await put(32);
    await expect(put(33)).rejects.toMatchObject({
      message: "One or more parameter values were invalid: Nesting Levels have exceeded supported limits",
    });
  });
});

test("the item size limit is exact to the byte", async () => {
  // id (2) + "1" (2) + a (1) + text
  const put = (length: number) =>
    dynamodb.PutItem({ TableName: "users", Item: { id: { N: "1" }, a: { S: "x".repeat(length) } } });
  await put(409_600 - 5);
  await expect(put(409_600 - 4)).rejects.toMatchObject({ message: "Item size has exceeded the maximum allowed size" });
});

test("consumed capacity is a unit for each started KB of the larger of old and new item", async () => {
  const put = (length: number) =>
    dynamodb.PutItem({
      TableName: "users",
      Item: { id: { N: "1" }, a: { S: "x".repeat(length) } },
      ReturnConsumedCapacity: "TOTAL",
    });
  expect((await put(3000)).ConsumedCapacity).toEqual({ TableName: "users", CapacityUnits: 3 });
  expect((await put(1)).ConsumedCapacity).toEqual({ TableName: "users", CapacityUnits: 3 });
  expect((await put(1)).ConsumedCapacity).toEqual({ TableName: "users", CapacityUnits: 1 });
});

test("a table may be named by its ARN", async () => {
  const TableName = "arn:aws:dynamodb:us-east-1:000000000000:table/users";
  await dynamodb.PutItem({ TableName, Item: { id: { N: "1" } } });
  expect((await dynamodb.GetItem({ TableName, Key: { id: { N: "1" } } })).Item).toEqual({ id: { N: "1" } });
});
