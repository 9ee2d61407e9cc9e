import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { ComparisonOperator, DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;
const TableName = "tbl";

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, TableName, "pk:S sk:N");
  await dynamodb.PutItem({ TableName, Item });
});
afterEach(() => platform.close());

const Key = { pk: { S: "p" }, sk: { N: "1" } };
const Item = {
  ...Key,
  text: { S: "hello" },
  num: { N: "5" },
  tags: { SS: ["a", "b"] },
  list: { L: [{ S: "x" }] },
};
const invalid = "One or more parameter values were invalid: ";

describe("ScanFilter", () => {
  const scan = async (ScanFilter: object, more: object = {}) =>
    (await dynamodb.Scan({ TableName, ScanFilter: ScanFilter as never, ...more })).Count;
  test.each<[ComparisonOperator, string, object[], number]>([
    ["EQ", "num", [{ N: "5.0" }], 1],
    ["EQ", "num", [{ N: "6" }], 0],
    ["NE", "num", [{ N: "6" }], 1],
    ["NE", "nope", [{ N: "6" }], 1],
    ["LT", "num", [{ N: "6" }], 1],
    ["LE", "num", [{ N: "5" }], 1],
    ["GT", "num", [{ N: "5" }], 0],
    ["GE", "num", [{ N: "5" }], 1],
    ["NULL", "nope", [], 1],
    ["NULL", "num", [], 0],
    ["NOT_NULL", "num", [], 1],
    ["CONTAINS", "text", [{ S: "ell" }], 1],
    ["CONTAINS", "tags", [{ S: "a" }], 1],
    ["NOT_CONTAINS", "tags", [{ S: "c" }], 1],
    ["BEGINS_WITH", "text", [{ S: "he" }], 1],
    ["IN", "num", [{ N: "4" }, { N: "5" }], 1],
    ["BETWEEN", "num", [{ N: "4" }, { N: "6" }], 1],
    ["BETWEEN", "num", [{ N: "6" }, { N: "7" }], 0],
  ])("%s on %s with %j finds %d", async (ComparisonOperator, name, AttributeValueList, count) => {
    expect(await scan({ [name]: { ComparisonOperator, AttributeValueList } })).toBe(count);
  });

  test("conditions are joined by AND, or by OR when asked", async () => {
    const filter = {
      num: { ComparisonOperator: "EQ", AttributeValueList: [{ N: "5" }] },
      text: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "other" }] },
    };
    expect(await scan(filter)).toBe(0);
    expect(await scan(filter, { ConditionalOperator: "OR" })).toBe(1);
  });

  test.each<[object, object, string]>([
    [{ a: { ComparisonOperator: "EQ" } }, {}, `${invalid}Invalid number of argument(s) for the EQ ComparisonOperator`],
    [
      { a: { ComparisonOperator: "NULL", AttributeValueList: [{ S: "a" }] } },
      {},
      `${invalid}Invalid number of argument(s) for the NULL ComparisonOperator`,
    ],
    [
      { a: { ComparisonOperator: "LT", AttributeValueList: [{ SS: ["a"] }] } },
      {},
      `${invalid}ComparisonOperator LT is not valid for SS AttributeValue type`,
    ],
    [
      { a: { ComparisonOperator: "NULL" } },
      { ConditionalOperator: "AND" },
      `${invalid}ConditionalOperator can only be used when Filter or Expected has two or more elements`,
    ],
  ])("refuses %j", async (filter, more, message) => {
    await expect(scan(filter, more)).rejects.toMatchObject({ name: "ValidationException", message });
  });
});

describe("KeyConditions", () => {
  const keys = (sort?: object) =>
    ({ pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "p" }] }, ...(sort && { sk: sort }) }) as never;

  test("find by keys, and QueryFilter drops afterwards", async () => {
    await dynamodb.PutItem({ TableName, Item: { pk: { S: "p" }, sk: { N: "2" } } });
    const query = async (sort?: object, more: object = {}) =>
      (await dynamodb.Query({ TableName, KeyConditions: keys(sort), ...more })).Items!.map((item) => item["sk"]!.N);
    expect(await query()).toEqual(["1", "2"]);
    expect(await query({ ComparisonOperator: "GT", AttributeValueList: [{ N: "1" }] })).toEqual(["2"]);
    expect(await query({ ComparisonOperator: "BETWEEN", AttributeValueList: [{ N: "0" }, { N: "1" }] })).toEqual(["1"]);
    expect(await query(undefined, { QueryFilter: { num: { ComparisonOperator: "NOT_NULL" } } })).toEqual(["1"]);
  });

  test("refuse what no index can find, and filters on keys", async () => {
    await expect(
      dynamodb.Query({ TableName, KeyConditions: keys({ ComparisonOperator: "NOT_NULL" }) }),
    ).rejects.toMatchObject({
      message: "Attempted conditional constraint is not an indexable operation",
    });
    const filtered = dynamodb.Query({
      TableName,
      KeyConditions: keys(),
      QueryFilter: { sk: { ComparisonOperator: "NOT_NULL" } },
    });
    await expect(filtered).rejects.toMatchObject({
      message: "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk",
    });
  });
});

describe("Expected", () => {
  test.each<[object, boolean]>([
    [{ num: { Value: { N: "5" } } }, true],
    [{ num: { Value: { N: "6" } } }, false],
    [{ num: { Value: { N: "5" }, Exists: true } }, true],
    [{ nope: { Exists: false } }, true],
    [{ num: { Exists: false } }, false],
    [{ num: { ComparisonOperator: "GT", AttributeValueList: [{ N: "4" }] } }, true],
    [{ num: { ComparisonOperator: "LT", Value: { N: "4" } } }, false],
    [{ num: { Value: { N: "5" } }, text: { Value: { S: "no" } } }, false],
  ])("%j: %s", async (Expected, holds) => {
    const calls = [
      () => dynamodb.PutItem({ TableName, Item, Expected: Expected as never }),
      () => dynamodb.UpdateItem({ TableName, Key, Expected: Expected as never }),
      () => dynamodb.DeleteItem({ TableName, Key, Expected: Expected as never }),
    ];
    for (const call of calls) {
      if (holds) await call();
      else await expect(call()).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    }
  });

  test.each<[object, string]>([
    [{ a: {} }, `${invalid}Value must be provided when Exists is null for Attribute: a`],
    [{ a: { Exists: true } }, `${invalid}Value must be provided when Exists is true for Attribute: a`],
    [
      { a: { Exists: false, Value: { S: "x" } } },
      `${invalid}Value cannot be used when Exists is false for Attribute: a`,
    ],
    [
      { a: { Exists: false, ComparisonOperator: "NULL" } },
      `${invalid}Exists and ComparisonOperator cannot be used together for Attribute: a`,
    ],
    [
      { a: { AttributeValueList: [{ S: "x" }] } },
      `${invalid}AttributeValueList can only be used with a ComparisonOperator for Attribute: a`,
    ],
  ])("refuses %j", async (Expected, message) => {
    await expect(dynamodb.PutItem({ TableName, Item, Expected: Expected as never })).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
  });
});

describe("AttributeUpdates", () => {
  const update = async (AttributeUpdates: object) =>
    (
      await dynamodb.UpdateItem({
        TableName,
        Key,
        AttributeUpdates: AttributeUpdates as never,
        ReturnValues: "UPDATED_NEW",
      })
    ).Attributes;

  test("put, add to numbers, sets and lists, delete members and attributes", async () => {
    expect(
      await update({
        text: { Value: { S: "new" } },
        num: { Action: "ADD", Value: { N: "2" } },
        tags: { Action: "DELETE", Value: { SS: ["a"] } },
        list: { Action: "ADD", Value: { L: [{ S: "y" }] } },
        fresh: { Action: "ADD", Value: { NS: ["1"] } },
      }),
    ).toEqual({
      text: { S: "new" },
      num: { N: "7" },
      tags: { SS: ["b"] },
      list: { L: [{ S: "x" }, { S: "y" }] },
      fresh: { NS: ["1"] },
    });
    expect(await update({ text: { Action: "DELETE" } })).toBeUndefined();
    expect((await dynamodb.GetItem({ TableName, Key })).Item).not.toHaveProperty("text");
  });

  test.each<[object, string]>([
    [{ a: { Action: "ADD", Value: { S: "x" } } }, `${invalid}Action ADD is not supported for the type S`],
    [{ a: { Action: "DELETE", Value: { S: "x" } } }, `${invalid}Action DELETE is not supported for the type S`],
    [{ a: { Action: "PUT" } }, `${invalid}Only DELETE action is allowed when no attribute value is specified`],
    [{ pk: { Value: { S: "x" } } }, `${invalid}Cannot update attribute pk. This attribute is part of the key`],
  ])("refuse %j", async (updates, message) => {
    await expect(update(updates)).rejects.toMatchObject({ name: "ValidationException", message });
  });
});
