import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { AttributeValue, DynamoDBApi, ExecuteStatementInput } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

// Expectations on messages and odd cases were recorded on AWS by github.com/nubo-db/dynamodb-conformance
// (tests/tier2/partiql, tests/tier3/error-messages/partiql*.test.ts) and github.com/floci-io/floci (DynamoDbPartiQL*Test).

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "Tab", "pk:S sk:S", {
    gsi: { keys: "g:S", projects: "shown" },
    whole: { keys: "g:S n:N" },
    lsi: { keys: "pk:S lk:S", local: true, projects: "KEYS_ONLY" },
  });
  await makeTable(platform, "Num", "pk:N");
});
afterEach(() => platform.close());

type More = Partial<ExecuteStatementInput>;
const run = (Statement: string, more: More = {}) => dynamodb.ExecuteStatement({ Statement, ...more });
const select = async (Statement: string, more: More = {}) => (await run(Statement, more)).Items!;
const withParameters = (Statement: string, ...Parameters: AttributeValue[]) => run(Statement, { Parameters });
const put = (pk: string, sk: string, more: Record<string, AttributeValue> = {}) =>
  dynamodb.PutItem({ TableName: "Tab", Item: { pk: { S: pk }, sk: { S: sk }, ...more } });
const found = async (pk: string, sk = "1") =>
  (await dynamodb.GetItem({ TableName: "Tab", Key: { pk: { S: pk }, sk: { S: sk } } })).Item;
const sortKeys = async (where: string, more: More = {}) =>
  (await select(`SELECT sk FROM Tab WHERE ${where}`, more)).map((item) => item["sk"]!.S);
const refusal = (message: string) => ({ name: "ValidationException", message });

describe("INSERT", () => {
  test("stores every kind of literal exactly", async () => {
    await run(
      `INSERT INTO "Tab" VALUE {'pk': 'x', 'sk': '1', 'n': 123456789012345678901234567890.5, 'e': 1E3, 'neg': -1.5e-3,
       'zero': -0, 'q': 'it''s', 'b': true, 'nul': null, 'l': [1, 'two', [<<1, 10>>]], 'm': {'a': {'b': <<'x', 'y'>>}}}`,
    );
    expect(await found("x")).toEqual({
      pk: { S: "x" },
      sk: { S: "1" },
      n: { N: "123456789012345678901234567890.5" },
      e: { N: "1000" },
      neg: { N: "-0.0015" },
      zero: { N: "0" },
      q: { S: "it's" },
      b: { BOOL: true },
      nul: { NULL: true },
      l: { L: [{ N: "1" }, { S: "two" }, { L: [{ NS: ["1", "10"] }] }] },
      m: { M: { a: { M: { b: { SS: ["x", "y"] } } } } },
    });
  });

  test("takes parameters, answers no items, and refuses a key that is there", async () => {
    const statement = "INSERT INTO Tab VALUE {'pk': ?, 'sk': '1', 'bytes': ?}";
    const insert = () => withParameters(statement, { S: "x" }, { B: Uint8Array.of(1, 2) });
    expect(await insert()).toEqual({ Items: [] });
    expect((await found("x"))!["bytes"]!.B).toEqual(Buffer.from([1, 2]));
    await expect(insert()).rejects.toMatchObject({
      name: "DuplicateItemException",
      message: "Duplicate primary key exists in table",
    });
  });

  test.each([
    ["{'pk': 'x'}", "One or more parameter values were invalid: Missing the key sk in the item"],
    [
      "{'pk': 1, 'sk': '1'}",
      "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
    ],
    ["{'pk': 'x', 'sk': '1', 's': <<>>}", "Empty bags are not supported"],
    [
      "{'pk': 'x', 'sk': '1', 's': <<1, 'a'>>}",
      "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags",
    ],
    [
      "{'pk': 'x', 'sk': '1', 's': <<'a', 'a'>>}",
      "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
    ],
    [
      "{'pk': 'x', 'sk': '1', 's': <<2, 2.0>>}",
      "One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root",
    ],
    [
      "{'pk': 'x', 'sk': '1', 'm': {'x': 1e126}}",
      "Number overflow. Attempting to store a number with magnitude larger than supported range under root.x",
    ],
    [
      "{'pk': 'x', 'sk': '1', 'l': [1, 1e-131]}",
      "Number underflow. Attempting to store a number with magnitude smaller than supported range under root[1]",
    ],
    [
      "{'pk': 'x', 'sk': '1', 'n': 123456789012345678901234567890123456789}",
      "Attempting to store more than 38 significant digits in a Number under root",
    ],
    [
      "{'pk': 'x', 'sk': '1', 'd': " + "[".repeat(32) + "1" + "]".repeat(32) + "}",
      "Nesting Levels have exceeded supported limits under root" + "[0]".repeat(32),
    ],
  ])("refuses VALUE %s", async (value, message) => {
    await expect(run(`INSERT INTO Tab VALUE ${value}`)).rejects.toMatchObject(refusal(message));
    expect(await found("x")).toBeUndefined();
  });

  test("refuses an index, parameters within collections, and what is no tuple", async () => {
    await expect(run(`INSERT INTO "Tab"."gsi" VALUE {'pk': 'x'}`)).rejects.toMatchObject(
      refusal("FROM clause may only contain a single table name"),
    );
    const nested = "INSERT INTO Tab VALUE {'pk': 'x', 'sk': '1', 'm': {'k': ?}}";
    await expect(withParameters(nested, { S: "v" })).rejects.toMatchObject(
      refusal(`Unsupported data type: Parameter under key root.k at 1:${nested.indexOf("?") + 1}:1`),
    );
    await expect(run("INSERT INTO Tab {'pk': 'x'}")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(run("INSERT INTO Tab VALUE {'pk': other}")).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("SELECT", () => {
  beforeEach(async () => {
    await put("a", "1", { x: { S: "one" }, n: { N: "5" }, g: { S: "y" }, shown: { S: "s" }, lk: { S: "k1" } });
    await put("a", "2", { x: { S: "two" }, tags: { SS: ["t"] }, g: { S: "y" }, lk: { S: "k2" }, hidden: { S: "h" } });
    await put("a", "3", { nul: { NULL: true }, m: { M: { k: { L: [{ S: "c" }, { S: "d" }] } } }, yes: { BOOL: true } });
    await put("b", "1", { x: { S: "one" } });
  });

  test("names each column by the last name of its path", async () => {
    expect(await select(`SELECT m.k[1], m.k, sk, absent FROM Tab WHERE pk = 'a' AND sk = '3'`)).toEqual([
      { "k[1]": { S: "d" }, k: { L: [{ S: "c" }, { S: "d" }] }, sk: { S: "3" } },
    ]);
  });

  test.each([
    ["pk = 'a'", ["1", "2", "3"]],
    ["pk = 'a' AND sk = '2'", ["2"]],
    ["pk = 'none'", []],
    ["'a' = pk AND '2' <= sk", ["2", "3"]],
    ["pk = 'a' AND sk BETWEEN '1' AND '2'", ["1", "2"]],
    ["pk = 'a' AND sk > '1' AND sk < '3'", ["2"]],
    ["pk = 'a' AND sk > '3' AND sk < '1'", []],
    ["pk = 'a' AND begins_with(sk, '2')", ["2"]],
    ["pk = 'a' AND (sk='1' OR sk='3')", ["1", "3"]],
    ["pk = 'a' AND sk IN ['1', '2']", ["1", "2"]],
    ["pk = 'a' AND sk IN ('1', '2')", ["1", "2"]],
    ["pk = 'a' AND (sk < '2' OR sk > '2' OR sk = '2')", ["1", "3", "2"]],
    ["pk = 'a' AND sk = '1' AND sk > '0'", ["1"]],
    ["pk = 'a' AND NOT sk = '1'", ["2", "3"]],
    ["pk = 'a' AND sk <> '1'", ["2", "3"]],
    ["pk = 'a' AND sk != '1'", ["2", "3"]],
    ["pk = 'a' AND attribute_exists(pk)", ["1", "2", "3"]],
    ["pk = 'a' AND x = 'two'", ["2"]],
    ["pk = 'a' AND (x = 'two' OR n = 5)", ["1", "2"]],
    ["pk = 'a' AND x IS MISSING", ["3"]],
    ["pk = 'a' AND x IS NOT MISSING", ["1", "2"]],
    ["pk = 'a' AND nul IS NULL", ["3"]],
    ["pk = 'a' AND nul IS NOT NULL", ["1", "2"]],
    ["pk = 'a' AND x IS STRING", ["1", "2"]],
    ["pk = 'a' AND tags IS BAG", ["2"]],
    ["pk = 'a' AND n IN [4, 5]", ["1"]],
    ["pk = 'a' AND n NOT BETWEEN 6 AND 7", ["1", "2", "3"]],
    ["pk = 'a' AND n > - - 4 AND n < +6", ["1"]],
    ["pk = 'a' AND size(x) = 3 AND contains(x, 'w')", ["2"]],
    ["pk = 'a' AND contains(tags, 't')", ["2"]],
    ["pk = 'a' AND attribute_type(m.k, 'L')", ["3"]],
    ["pk = 'a' AND m.k[0] = 'c'", ["3"]],
    ["pk = 'a' AND tags = <<'t'>>", ["2"]],
    ["pk = 'a' AND m = {'k': ['c', 'd']}", ["3"]],
    ["pk = 'a' AND attribute_exists(x) = false", ["3"]],
    ["pk = 'a' AND true = attribute_exists(n)", ["1"]],
    ["pk = 'a' AND (n BETWEEN 0 AND 5) = true", ["1"]],
    ["pk = 'a' AND attribute_exists(x) <> 1", ["1", "2", "3"]],
    ["pk = 'a' AND attribute_exists(nul) = yes", ["3"]],
    ["pk = 'a' AND attribute_exists(n) = attribute_exists(shown)", ["1", "2", "3"]],
    ["pk = 'a' AND attribute_exists(x) IN [true, 1]", ["1", "2"]],
    ["pk IN ['b', 'c']", ["1"]],
    ["pk = 'b' OR pk = 'c'", ["1"]],
    ["(pk = 'b' AND sk = '1') OR (pk = 'a' AND sk = '3')", ["1", "3"]],
    ["x = 'two'", ["2"]],
    ["pk = 'b' OR x = 'two'", ["2", "1"]],
    ["pk = 'a' AND pk = 'b'", []],
    ["pk > 1", []],
  ])("answers WHERE %s", async (where, expected) => {
    expect((await sortKeys(where)).toSorted()).toEqual(expected.toSorted());
  });

  test("takes parameters anywhere a value may stand", async () => {
    const statement = "SELECT sk FROM Tab WHERE pk = ? AND n IN [?, 6] AND begins_with(x, ?)";
    expect(await withParameters(statement, { S: "a" }, { N: "5.0" }, { S: "o" })).toEqual({
      Items: [{ sk: { S: "1" } }],
    });
    for (const Parameters of [undefined, [{ S: "a" }], [1, 2, 3, 4].map((n) => ({ N: String(n) }))]) {
      await expect(run(statement, { Parameters })).rejects.toMatchObject(
        refusal("Number of parameters in request and statement don't match."),
      );
    }
    await expect(withParameters("UPDATE Tab SET WHERE", { SS: ["a", "a"] })).rejects.toMatchObject(
      refusal("One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
    );
  });

  test.each([
    ["pk = 'a' ORDER BY sk DESC", ["3", "2", "1"]],
    ["pk = 'a' ORDER BY sk", ["1", "2", "3"]],
    // Without the sort key, the order within a partition is the other way round.
    ["pk = 'a' ORDER BY pk ASC", ["3", "2", "1"]],
    ["pk IN ['a', 'b'] ORDER BY pk DESC, sk ASC", ["1", "1", "2", "3"]],
    ["pk IN ['b', 'a'] ORDER BY pk, sk DESC", ["3", "2", "1", "1"]],
    ["pk = 'a' AND sk IN ['1', '3'] ORDER BY sk DESC", ["3", "1"]],
  ])("orders WHERE %s", async (where, expected) => {
    expect(await sortKeys(where)).toEqual(expected);
  });

  test.each([
    ["SELECT sk FROM Tab ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."],
    [
      "SELECT sk FROM Tab WHERE pk = 'a' ORDER BY x DESC",
      "Attribute x in ORDER BY clause must be part of the primary key",
    ],
    [
      "SELECT sk FROM Tab WHERE pk > 'a' ORDER BY sk",
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    ],
    [
      "SELECT sk FROM Tab WHERE pk IN ['a', 'b'] ORDER BY sk DESC",
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    ],
    [
      "SELECT * FROM Tab WHERE pk = 1 OR pk = 'a'",
      "Key attribute's data type should match its data type in table's schema: Key pk",
    ],
    [
      "SELECT * FROM Tab WHERE pk = 'a' AND sk IN ['1', 2]",
      "Key attribute's data type should match its data type in table's schema: Key sk",
    ],
    ...[
      "pk IN ['a', 'a']",
      "pk = 'a' OR pk = 'a'",
      "pk = 'a' AND (sk > '0' OR sk < '5')",
      "pk = 'a' AND (sk = '1' OR x = 'two')",
      "(pk = 'a' AND x = 'one') OR (pk = 'a' AND x = 'two')",
      "pk = 'a' AND x <> '1' OR pk = 'a' AND sk = '2'",
      "pk = 'a' AND (begins_with(sk, '1') OR sk = '10')",
    ].map((where) => [
      `SELECT * FROM Tab WHERE ${where}`,
      "Overlapping conditions with range keys are not supported in where clause",
    ]),
    ...[
      `pk IN [${manyValues(51)}]`,
      `pk = 'a' AND sk IN [${manyValues(51)}]`,
      `pk IN [${manyValues(26)}] AND sk IN ['1', '2']`,
    ].map((where) => [`SELECT * FROM Tab WHERE ${where}`, "Too many decomposed read operations for a given query."]),
    [
      `SELECT * FROM Tab WHERE x IN [${manyValues(101)}]`,
      "The IN operator is provided with too many operands; number of operands: 101",
    ],
    [
      "SELECT * FROM Tab WHERE x < true",
      "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
    ],
    [
      "SELECT * FROM Tab WHERE attribute_exists(x) > false",
      "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL",
    ],
    [
      "SELECT * FROM Tab WHERE x BETWEEN [1] AND [2]",
      "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: L",
    ],
    [
      "SELECT * FROM Tab WHERE attribute_type(x, 1)",
      "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
    ],
    [
      "SELECT * FROM Tab WHERE attribute_type(x, 'X')",
      "Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
    ],
    ["SELECT count(*) FROM Tab", "Unexpected path component at 1:8:5"],
    [`SELECT * FROM "Tab"."no-such-index"`, "The table does not have the specified index"],
    [`SELECT * FROM "Tab"."gsi"."extra"`, "A path may contain at most 2 components in the FROM clause"],
    [`SELECT * FROM "Tab".""`, "Path component cannot be an empty string"],
    [`SELECT * FROM ""`, "Path component cannot be an empty string"],
    [
      "EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND sk = '1' AND x IS MISSING)",
      "EXISTS can only be used in ExecuteTransaction write requests.",
    ],
  ])("refuses %s", async (statement, message) => {
    await expect(run(statement!)).rejects.toMatchObject(refusal(message!));
  });

  test.each([
    "a > -b",
    "a LIKE 'x'",
    "a",
    "f(a)",
    "a = 1 + 2",
    "attribute_exists('m')",
    "size(a)",
    "a = missing",
    "begins_with(a)",
  ])("refuses WHERE %s, which DynamoDB does not have", async (where) => {
    await expect(run(`SELECT * FROM Tab WHERE ${where}`)).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("refuses tables that do not exist", async () => {
    await expect(run(`SELECT * FROM nope`)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  test("reads indexes as they are projected", async () => {
    expect(await select(`SELECT * FROM "Tab"."gsi" WHERE g = 'y' AND shown = 's'`)).toEqual([
      { pk: { S: "a" }, sk: { S: "1" }, g: { S: "y" }, shown: { S: "s" } },
    ]);
    expect(await select(`SELECT * FROM "Tab"."lsi" WHERE pk = 'a' AND lk > 'k1'`)).toEqual([
      { pk: { S: "a" }, sk: { S: "2" }, lk: { S: "k2" } },
    ]);
    // A local index fetches from the table what it does not hold.
    const { Items, ConsumedCapacity } = await run(`SELECT hidden FROM "Tab"."lsi" WHERE pk = 'a'`, {
      ReturnConsumedCapacity: "INDEXES",
    });
    expect(Items).toEqual([{}, { hidden: { S: "h" } }]);
    expect(ConsumedCapacity).toMatchObject({
      TableName: "Tab",
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { lsi: { CapacityUnits: 0.5 } },
    });
    expect((await select(`SELECT sk FROM "Tab"."whole" WHERE g = 'y' AND n > 1`)).length).toBe(1);
  });

  test.each([
    [
      `SELECT pk FROM "Tab"."gsi" WHERE g = 'y' AND hidden = 'h'`,
      "One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [hidden]",
    ],
    [
      `SELECT pk FROM "Tab"."lsi" WHERE pk = 'a' AND NOT hidden = 'h'`,
      "One or more parameter values were invalid: Secondary index lsi does not project one or more filter attributes: [hidden]",
    ],
    [
      `SELECT pk FROM "Tab"."gsi" WHERE g IN ['y', 'z'] AND (zz = '1' OR aa = '2' OR mm = '3')`,
      "One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [zz, aa, mm]",
    ],
    [
      `SELECT pk FROM "Tab"."gsi" WHERE (g = 'b' AND u1 = '1') OR (g = 'q' AND u2 = '1')`,
      "One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [u2]",
    ],
    [
      `SELECT hidden, other FROM "Tab"."gsi" WHERE g = 'y'`,
      "One or more parameter values were invalid: Global secondary index gsi does not project [hidden, other]",
    ],
  ])("refuses %s", async (statement, message) => {
    await expect(run(statement)).rejects.toMatchObject(refusal(message));
  });

  test.each([
    [`"Tab"."gsi" WHERE hidden = 'h'`, []],
    [`"Tab"."gsi" WHERE NOT hidden = 'h'`, ["1", "2"]],
    [`"Tab"."gsi" WHERE (g = 'x' AND hidden = 'h') OR g = 'y'`, ["1", "2"]],
    [`"Tab"."gsi" WHERE g > 'a' AND zz IS MISSING`, ["1", "2"]],
    [`"Tab"."gsi" WHERE (g = 'y' AND zz = '1') OR aa IS MISSING`, ["1", "2"]],
  ])("scans %s, where what is not projected is missing", async (source, expected) => {
    const items = await select(`SELECT sk FROM ${source}`);
    expect(items.map((item) => item["sk"]!.S).toSorted()).toEqual(expected);
  });

  test("ConsistentRead doubles what a read costs, and is refused on global indexes", async () => {
    const cost = async (statement: string, ConsistentRead: boolean) =>
      (await run(statement, { ConsistentRead, ReturnConsumedCapacity: "TOTAL" })).ConsumedCapacity!.CapacityUnits;
    expect(await cost("SELECT * FROM Tab WHERE pk = 'a'", false)).toBe(0.5);
    expect(await cost("SELECT * FROM Tab WHERE pk = 'a'", true)).toBe(1);
    expect(await cost(`SELECT * FROM "Tab"."lsi" WHERE pk = 'a'`, true)).toBe(1);
    await expect(cost(`SELECT * FROM "Tab"."gsi" WHERE g = 'y'`, true)).rejects.toMatchObject(
      refusal("Strongly consistent read is not supported on Global Secondary Indexes"),
    );
  });

  describe("gives pages", () => {
    const pages = async (statement: string, Limit?: number) => {
      const sizes: number[] = [];
      const seen: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await run(statement, { Limit, NextToken });
        sizes.push(page.Items!.length);
        seen.push(...page.Items!.map((item) => item["pk"]!.S! + item["sk"]!.S!));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return { sizes, seen };
    };

    test.each([
      ["SELECT * FROM Tab WHERE pk = 'a' ORDER BY sk", ["a1", "a2", "a3"]],
      ["SELECT * FROM Tab WHERE pk = 'a' ORDER BY sk DESC", ["a3", "a2", "a1"]],
      ["SELECT * FROM Tab WHERE pk IN ['b', 'a'] ORDER BY pk DESC", ["b1", "a3", "a2", "a1"]],
      ["SELECT * FROM Tab WHERE pk = 'a' AND (sk = '1' OR sk >= '2')", ["a1", "a2", "a3"]],
    ])("of %s", async (statement, expected) => {
      for (const limit of [1, 2, 3, 100]) expect((await pages(statement, limit)).seen).toEqual(expected);
    });

    test("of scans, where Limit counts what was looked at", async () => {
      const { sizes, seen } = await pages("SELECT * FROM Tab WHERE x = 'two'", 1);
      expect(seen).toEqual(["a2"]);
      expect(sizes.length).toBeGreaterThan(3);
    });

    test("of ten items where the clause comes down to several reads", async () => {
      for (let at = 0; at < 25; at++) await put("many", String(at).padStart(2, "0"));
      const { sizes, seen } = await pages("SELECT * FROM Tab WHERE pk IN ['many', 'b', 'none']");
      expect(sizes).toEqual([10, 10, 6]);
      expect(new Set(seen).size).toBe(26);
    });

    test("with the last key, and a token that is good for the same statement only", async () => {
      const statement = "SELECT * FROM Tab WHERE pk = ?";
      const Parameters = [{ S: "a" }];
      const { NextToken, LastEvaluatedKey } = await run(statement, { Parameters, Limit: 1 });
      expect(LastEvaluatedKey).toEqual({ pk: { S: "a" }, sk: { S: "1" } });
      expect((await run(statement, { Parameters, Limit: 2, NextToken })).Items!.length).toBe(2);
      const mismatch = refusal("NextToken does not match request");
      await expect(run(statement, { Parameters: [{ S: "b" }], NextToken })).rejects.toMatchObject(mismatch);
      await expect(run("SELECT * FROM Tab WHERE pk = 'a'", { NextToken })).rejects.toMatchObject(mismatch);
      await expect(run(statement, { Parameters, NextToken: "x" })).rejects.toMatchObject(mismatch);
      await expect(run(statement, { Parameters, NextToken: "bnVsbA" })).rejects.toMatchObject(mismatch);
    });
  });
});

describe("UPDATE", () => {
  beforeEach(async () => {
    await put("a", "1", {
      n: { N: "5" },
      l: { L: [{ N: "1" }, { N: "2" }] },
      m: { M: { k: { S: "v" } } },
      s: { SS: ["x", "y"] },
      only: { NS: ["1"] },
    });
  });
  const update = (changes: string, more: More = {}) => run(`UPDATE Tab ${changes} WHERE pk = 'a' AND sk = '1'`, more);

  test.each([
    ["SET z = 'new'", { z: { S: "new" } }],
    ["SET n = n + 1", { n: { N: "6" } }],
    ["SET n = n-1", { n: { N: "4" } }],
    ["SET n = n - - 2, other = [- 1]", { n: { N: "7" }, other: { L: [{ N: "-1" }] } }],
    ["SET n = 1 + n SET copy = m.k", { n: { N: "6" }, copy: { S: "v" } }],
    ["SET m.k = 'w' SET m.z = {'a': [1]}", { m: { M: { k: { S: "w" }, z: { M: { a: { L: [{ N: "1" }] } } } } } }],
    ["SET l[0] = 9", { l: { L: [{ N: "9" }, { N: "2" }] } }],
    ["SET l = list_append(l, [3, <<'x'>>])", { l: { L: [{ N: "1" }, { N: "2" }, { N: "3" }, { SS: ["x"] }] } }],
    ["SET l = LIST_APPEND([0], l)", { l: { L: [{ N: "0" }, { N: "1" }, { N: "2" }] } }],
    ["SET s = set_add(s, <<'z'>>)", { s: { SS: ["x", "y", "z"] } }],
    ["SET s = SET_DELETE(s, <<'x'>>)", { s: { SS: ["y"] } }],
    ["SET fresh = set_add(fresh, <<1, 2>>)", { fresh: { NS: ["1", "2"] } }],
    ["SET only = set_delete(only, <<1>>)", { only: undefined }],
    ["REMOVE l[0] REMOVE m.k", { l: { L: [{ N: "2" }] }, m: { M: {} } }],
    ["REMOVE n SET z = null", { n: undefined, z: { NULL: true } }],
  ])("%s", async (changes, expected) => {
    const before = await found("a");
    expect(await update(changes)).toEqual({ Items: [] });
    const after: Record<string, unknown> = { ...before, ...expected };
    for (const name in after) if (after[name] === undefined) delete after[name];
    expect(await found("a")).toEqual(after);
  });

  test("FROM … WHERE … SET is the same", async () => {
    await run("FROM Tab WHERE pk = 'a' AND sk = '1' SET n = ? REMOVE l", { Parameters: [{ N: "7" }] });
    expect(await found("a")).toMatchObject({ n: { N: "7" } });
    expect((await found("a"))!["l"]).toBeUndefined();
  });

  test.each([
    ["ALL OLD", { pk: { S: "a" }, sk: { S: "1" }, n: { N: "1" }, gone: { S: "x" } }],
    ["ALL NEW", { pk: { S: "a" }, sk: { S: "1" }, n: { N: "2" } }],
    ["MODIFIED OLD", { n: { N: "1" }, gone: { S: "x" } }],
    ["MODIFIED NEW", { n: { N: "2" } }],
  ])("RETURNING %s", async (what, expected) => {
    await put("a", "1", { n: { N: "1" }, gone: { S: "x" } });
    const { Items } = await run(`UPDATE Tab SET n = 2 REMOVE gone WHERE pk = 'a' AND sk = '1' RETURNING ${what} *`);
    expect(Items).toEqual([expected]);
  });

  test("returns no item where nothing of it is left to tell", async () => {
    expect(await run("UPDATE Tab REMOVE n WHERE pk = 'a' AND sk = '1' RETURNING MODIFIED NEW *")).toEqual({
      Items: [],
    });
  });

  test("fails on an item that is not there, or not as the clause says, and gives it back when asked", async () => {
    const failure = { name: "ConditionalCheckFailedException", message: "The conditional request failed" };
    await expect(run("UPDATE Tab SET n = 1 WHERE pk = 'none' AND sk = '1'")).rejects.toMatchObject(failure);
    expect(await found("none")).toBeUndefined();
    await expect(
      run("UPDATE Tab SET n = 9 WHERE (pk = 'a' AND sk = '1') AND n = 6", {
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    ).rejects.toMatchObject({ ...failure, fields: { Item: { n: { N: "5" } } } });
    await run("UPDATE Tab SET n = 9 WHERE (pk = 'a' AND sk = '1') AND n = 5 AND pk = 'a'");
    expect(await found("a")).toMatchObject({ n: { N: "9" } });
  });

  const keyText = "Where clause does not contain a mandatory equality on all key attributes";
  test.each([
    ["UPDATE Tab SET n = 1", keyText],
    ["UPDATE Tab SET n = 1 WHERE pk = 'a'", keyText],
    ["UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk > '0'", keyText],
    ["UPDATE Tab SET n = 1 WHERE pk = 'a' OR sk = '1'", keyText],
    ["UPDATE Tab SET n = 1 WHERE pk IN ['a'] AND sk = '1'", keyText],
    ["FROM Tab SET n = 1", keyText],
    ["DELETE FROM Tab WHERE n = 5", keyText],
    [
      "UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = '1' AND pk = 'b'",
      "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported",
    ],
    ["UPDATE Tab SET n = 1 WHERE pk = 'a' AND sk = 1", "The provided key element does not match the schema"],
    [`UPDATE "Tab"."gsi" SET n = 1 WHERE pk = 'a' AND sk = '1'`, "This operation is not supported on an index"],
    [`DELETE FROM "Tab"."gsi" WHERE pk = 'a' AND sk = '1'`, "This operation is not supported on an index"],
    [
      "UPDATE Tab SET pk = 'b' WHERE pk = 'a' AND sk = '1'",
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "UPDATE Tab SET other = set_add(s, <<'z'>>) WHERE pk = 'a' AND sk = '1'",
      "The first argument to SET_ADD must equal the assignment value at 1:24:7",
    ],
    [
      `UPDATE Tab SET "s" = set_delete("s", ['x']) WHERE pk = 'a' AND sk = '1'`,
      "The second argument to SET_DELETE must be a value with type SET at 1:33:3",
    ],
    [
      "UPDATE Tab SET s = set_add(s, <<1>>) WHERE pk = 'a' AND sk = '1'",
      "An operand in the update expression has an incorrect data type",
    ],
    [
      "UPDATE Tab SET nolist = list_append(nolist, [1]) WHERE pk = 'a' AND sk = '1'",
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      "UPDATE Tab SET n = 'a' + 1 WHERE pk = 'a' AND sk = '1' AND nope = 'x'",
      "Incorrect operand type for operator or function; operator or function: +, operand type: S",
    ],
    [
      "UPDATE Tab SET m.k = 1 SET m = 2 WHERE pk = 'a' AND sk = '1'",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, k], path two: [m]",
    ],
    [
      "UPDATE Num SET a = 1e-131 WHERE pk = 1",
      "Number underflow. Attempting to store a number with magnitude smaller than supported range under root",
    ],
    [
      "UPDATE Tab SET x = [?] WHERE pk = 'a' AND sk = ?",
      "Unsupported data type: Parameter under key root[0] at 1:21:1",
    ],
  ])("refuses %s", async (statement, message) => {
    const count = statement.split("?").length - 1;
    const Parameters = count > 0 ? Array.from({ length: count }, () => ({ S: "1" })) : undefined;
    await expect(run(statement, { Parameters })).rejects.toMatchObject(refusal(message));
  });

  test("keeps indexes and counts them", async () => {
    const answer = await update("SET g = 'new'", { ReturnConsumedCapacity: "INDEXES" });
    expect(answer.ConsumedCapacity).toMatchObject({
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { gsi: { CapacityUnits: 1 }, whole: { CapacityUnits: 1 } },
    });
    expect((await select(`SELECT pk FROM "Tab"."gsi" WHERE g = 'new'`)).length).toBe(1);
  });
});

describe("DELETE", () => {
  test("deletes an item that is as the clause says, and succeeds where there is none", async () => {
    await put("a", "1", { n: { N: "5" } });
    await expect(run("DELETE FROM Tab WHERE pk = 'a' AND sk = '1' AND n = 6")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    const statement = "DELETE FROM Tab WHERE pk = 'a' AND sk = '1' AND n = 5 RETURNING ALL OLD *";
    expect(await run(statement)).toEqual({ Items: [{ pk: { S: "a" }, sk: { S: "1" }, n: { N: "5" } }] });
    expect(await found("a")).toBeUndefined();
    expect(await run(statement, { ReturnConsumedCapacity: "TOTAL" })).toEqual({
      Items: [],
      ConsumedCapacity: { TableName: "Tab", CapacityUnits: 1 },
    });
  });

  test.each(["MODIFIED OLD", "ALL NEW", "MODIFIED NEW"])("refuses RETURNING %s", async (what) => {
    await expect(run(`DELETE FROM Tab WHERE pk = 'a' AND sk = '1' RETURNING ${what} *`)).rejects.toMatchObject(
      refusal(
        `Invalid returning clause: RETURNING ${what} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
      ),
    );
  });
});

function manyValues(count: number): string {
  return Array.from({ length: count }, (_, at) => `'v${at}'`).join(", ");
}
