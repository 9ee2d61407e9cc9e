import { expect, test } from "vitest";
import { validationException } from "../refusals.ts";
import { parseStatement } from "./statement-parser.ts";
import { printStatement } from "./test-print-statement.ts";

test.each([
  ['FROM "T" SET c = 1', "update <T> set c 1"],
  ['FROM "T" REMOVE a', "update <T> remove a"],
  ['FROM "T" WHERE a = 1 SET c = 1', "update <T> set c 1 where (= a 1)"],
  ['SELECT * FROM "T"', "select * from <T>"],
  ["select * from T", "select * from <T>"],
  ["SELECT * FROM T;", "select * from <T>"],
  ['SELECT * FROM "T"."index"', "select * from <T>.<index>"],
  ["SELECT * FROM T.index2", "select * from <T>.<index2>"],
  [
    'SELECT * FROM "arn:aws:dynamodb:us-east-1:000000000000:table/T"',
    "select * from <arn:aws:dynamodb:us-east-1:000000000000:table/T>",
  ],
  ['SELECT * FROM "T""U"', 'select * from <T"U>'],
  ["SELECT a FROM T", "select a from <T>"],
  ['SELECT a, b.c, d[0], e[1].f, "g h"."i.j" FROM T', "select a b.c d[0] e[1].f g h.i.j from <T>"],
  ["SELECT a['b'] FROM T", "select a.b from <T>"],
  ["SELECT a[0][1] FROM T", "select a[0][1] from <T>"],
  ["SELECT a[-0] FROM T", "select a[0] from <T>"],
  ["SELECT a[2147483647] FROM T", "select a[2147483647] from <T>"],
  ["SELECT year, name, status, data, type FROM T", "select year name status data type from <T>"],
  ['SELECT "date", "order" FROM T', "select date order from <T>"],
  ["SELECT count(*) FROM T", "select count(*) from <T>"],
  ["SELECT a + 1 FROM T", "select (+ a 1) from <T>"],
  ["SELECT * FROM T WHERE a = 1", "select * from <T> where (= a 1)"],
  ["SELECT * FROM T WHERE a <> 1 AND b != 2", "select * from <T> where (AND (<> a 1) (<> b 2))"],
  [
    "SELECT * FROM T WHERE a < 1 AND b <= 2 AND c > 3 AND d >= 4",
    "select * from <T> where (AND (AND (AND (< a 1) (<= b 2)) (> c 3)) (>= d 4))",
  ],
  ["SELECT * FROM T WHERE a = 1 OR b = 2 AND c = 3", "select * from <T> where (OR (= a 1) (AND (= b 2) (= c 3)))"],
  ["SELECT * FROM T WHERE (a = 1 OR b = 2) AND c = 3", "select * from <T> where (AND (OR (= a 1) (= b 2)) (= c 3))"],
  ["SELECT * FROM T WHERE NOT a = 1 AND NOT (b = 2)", "select * from <T> where (AND (not (= a 1)) (not (= b 2)))"],
  ["SELECT * FROM T WHERE NOT NOT a = 1", "select * from <T> where (not (not (= a 1)))"],
  ["SELECT * FROM T WHERE a BETWEEN 1 AND 2 AND b = 3", "select * from <T> where (AND (between a 1 2) (= b 3))"],
  ["SELECT * FROM T WHERE a NOT BETWEEN 1 AND 2", "select * from <T> where (not (between a 1 2))"],
  ["SELECT * FROM T WHERE a IN [1, 'x', ?]", "select * from <T> where (in a (list 1 'x' ?0)) /1"],
  ["SELECT * FROM T WHERE a IN (1, 2)", "select * from <T> where (in a (row 1 2))"],
  ["SELECT * FROM T WHERE a IN (1)", "select * from <T> where (in a 1)"],
  ["SELECT * FROM T WHERE a IN <<1, 2>>", "select * from <T> where (in a (bag 1 2))"],
  ["SELECT * FROM T WHERE a NOT IN [1]", "select * from <T> where (not (in a (list 1)))"],
  ["SELECT * FROM T WHERE a NOT LIKE 'x'", "select * from <T> where (not (LIKE a 'x'))"],
  [
    "SELECT * FROM T WHERE a IS MISSING AND b IS NOT MISSING",
    "select * from <T> where (AND (is a MISSING) (not (is b MISSING)))",
  ],
  ["SELECT * FROM T WHERE a IS NULL OR b is not null", "select * from <T> where (OR (is a NULL) (not (is b NULL)))"],
  [
    "SELECT * FROM T WHERE a IS STRING AND b IS DECIMAL(3, 2)",
    "select * from <T> where (AND (is a STRING) (is b DECIMAL))",
  ],
  [
    "SELECT * FROM T WHERE begins_with(a, 'x') AND contains(\"b\", 'y')",
    "select * from <T> where (AND begins_with(a 'x') contains(b 'y'))",
  ],
  [
    "SELECT * FROM T WHERE ATTRIBUTE_TYPE(a, 'S') AND attribute_exists(a.b)",
    "select * from <T> where (AND ATTRIBUTE_TYPE(a 'S') attribute_exists(a.b))",
  ],
  [
    'SELECT * FROM T WHERE size(a) > 3 AND SIZE("b") = ?',
    "select * from <T> where (AND (> size(a) 3) (= SIZE(b) ?0)) /1",
  ],
  ["SELECT * FROM T WHERE attribute_exists(a) = true", "select * from <T> where (= attribute_exists(a) true)"],
  ["SELECT * FROM T WHERE (a BETWEEN 0 AND 5) = false", "select * from <T> where (= (between a 0 5) false)"],
  ["SELECT * FROM T WHERE f()", "select * from <T> where f()"],
  [
    "SELECT * FROM T WHERE a = -1 AND b = +2 AND c = - - 3 AND d = -.5e1",
    "select * from <T> where (AND (AND (AND (= a -1) (= b 2)) (= c 3)) (= d -.5e1))",
  ],
  [
    "SELECT * FROM T WHERE a = 1E3 AND b = .5 AND c = 2.50 AND d = 123456789012345678901234567890.5",
    "select * from <T> where (AND (AND (AND (= a 1E3) (= b .5)) (= c 2.50)) (= d 123456789012345678901234567890.5))",
  ],
  ["SELECT * FROM T WHERE a > -b", "select * from <T> where (> a (sign b))"],
  ["SELECT * FROM T WHERE a = b.c", "select * from <T> where (= a b.c)"],
  ["SELECT * FROM T WHERE ? = a", "select * from <T> where (= ?0 a) /1"],
  ["SELECT * FROM T WHERE a = 'it''s' AND \"b\"\"c\" = ''", "select * from <T> where (AND (= a 'it's') (= b\"c ''))"],
  [
    "SELECT * FROM T WHERE a = TRUE AND b = false AND c = null",
    "select * from <T> where (AND (AND (= a true) (= b false)) (= c null))",
  ],
  [
    "SELECT * FROM T WHERE a = [] AND b = {} AND c = <<'x', 'y'>>",
    "select * from <T> where (AND (AND (= a (list)) (= b {})) (= c (bag 'x' 'y')))",
  ],
  [
    "SELECT * FROM T WHERE a = {'x': [1, {'y': null}], 'z': <<1.5>>}",
    "select * from <T> where (= a {'x': (list 1 {'y': null}) 'z': (bag 1.5)})",
  ],
  ["SELECT * FROM T WHERE a = 1 + 2 - b * 3 / 4 % 5", "select * from <T> where (= a (- (+ 1 2) (% (/ (* b 3) 4) 5)))"],
  ["SELECT * FROM T WHERE a || b = 'x'", "select * from <T> where (= (|| a b) 'x')"],
  ["SELECT * FROM T WHERE a LIKE 'x%'", "select * from <T> where (LIKE a 'x%')"],
  ["SELECT * FROM T WHERE a = 1 ORDER BY b", "select * from <T> where (= a 1) order b↑"],
  ["SELECT * FROM T WHERE a = 1 ORDER BY b ASC, c DESC", "select * from <T> where (= a 1) order b↑ c↓"],
  ["SELECT * FROM T -- note\nWHERE a = 1 -- end", "select * from <T> where (= a 1)"],
  ["-- first\nSELECT/**/* FROM /* T */ T WHERE a/* x */='--' --", "select * from <T> where (= a '--')"],
  ["SELECT\n  a\nFROM\n  T", "select a from <T>"],
  ["INSERT INTO \"T\" VALUE {'pk': 'x', 'n': 1}", "insert <T> {'pk': 'x' 'n': 1}"],
  ["insert into T value {'pk': ?, 'm': ?}", "insert <T> {'pk': ?0 'm': ?1} /2"],
  ['INSERT INTO "T"."i" VALUE {}', "insert <T>.<i> {}"],
  ["INSERT INTO \"T\" {'pk': 1}", "insert <T> (bag {'pk': 1})"],
  ["INSERT INTO \"T\" << {'pk': 1} >>", "insert <T> (bag (bag {'pk': 1}))"],
  ['INSERT INTO "T" VALUE ?', "insert <T> ?0 /1"],
  ['INSERT INTO "T" VALUE {"pk": 1}', "insert <T> {pk: 1}"],
  ["UPDATE T SET a = 1 WHERE pk = 'x'", "update <T> set a 1 where (= pk 'x')"],
  [
    "UPDATE T SET a = 1, b = ? SET c.d[0] = b + 1 REMOVE e REMOVE f[1] WHERE pk = 'x' AND sk = 2",
    "update <T> set a 1 set b ?0 set c.d[0] (+ b 1) remove e remove f[1] where (AND (= pk 'x') (= sk 2)) /1",
  ],
  ["UPDATE T SET n = n-1 WHERE pk = 1", "update <T> set n (- n 1) where (= pk 1)"],
  ["UPDATE T SET n = n - - 2, l = [- 1] WHERE pk = 1", "update <T> set n (- n -2) set l (list -1) where (= pk 1)"],
  [
    "UPDATE T SET l = list_append(l, [1]), s = SET_ADD(s, <<'x'>>) WHERE pk = 1",
    "update <T> set l list_append(l (list 1)) set s SET_ADD(s (bag 'x')) where (= pk 1)",
  ],
  ["UPDATE T SET a = 1 WHERE pk = 1 RETURNING ALL NEW *", "update <T> set a 1 where (= pk 1) returning ALL NEW"],
  [
    "UPDATE T REMOVE a WHERE pk = 1 RETURNING MODIFIED OLD *",
    "update <T> remove a where (= pk 1) returning MODIFIED OLD",
  ],
  ["UPDATE T SET a = 1", "update <T> set a 1"],
  ['UPDATE "T"."i" SET a = 1 WHERE pk = 1', "update <T>.<i> set a 1 where (= pk 1)"],
  [
    "FROM T WHERE pk = 'x' SET c = 1 REMOVE d RETURNING ALL OLD *",
    "update <T> set c 1 remove d where (= pk 'x') returning ALL OLD",
  ],
  ["DELETE FROM T WHERE pk = 'x'", "delete <T> where (= pk 'x')"],
  [
    "DELETE FROM T WHERE pk = ? AND a > 1 RETURNING ALL OLD *",
    "delete <T> where (AND (= pk ?0) (> a 1)) returning ALL OLD /1",
  ],
  ['DELETE FROM "T"."i" WHERE pk = 1;', "delete <T>.<i> where (= pk 1)"],
  ["DELETE FROM T", "delete <T>"],
  [
    "EXISTS(SELECT * FROM T WHERE pk = 1 AND a IS MISSING)",
    "exists select * from <T> where (AND (= pk 1) (is a MISSING))",
  ],
  ["exists (select a from T where pk = ? and b = ?)", "exists select a from <T> where (AND (= pk ?0) (= b ?1)) /2"],
])("parses %s", (text, expected) => {
  expect(printStatement(parseStatement(text))).toBe(expected);
});

// Those with a detail that is not ours alone were recorded on AWS by github.com/nubo-db/dynamodb-conformance,
// tests/tier3/error-messages/partiqlGrammar.test.ts, October 2026.
test.each([
  ['SELECT * FROM "T" WHERE pk = 1 foo', "Unexpected token after expression"],
  ['SELECT * FROM "T" WHERE pk = 1 e5', "Unexpected token after expression"],
  ["INSERT INTO \"T\" VALUE {'pk': 970001} foo", "Unexpected token after expression"],
  ['UPDATE "T" SET a = 9 WHERE pk = 970002 foo', "Unexpected token after expression"],
  ['DELETE FROM "T" WHERE pk = 970003 foo', "Unexpected token after expression"],
  ['SELECT * FROM "T" WHERE pk = 1)', "Unexpected token after expression"],
  ['DELETE FROM "T" WHERE pk = 970004 ORDER BY pk', "Unexpected token after expression"],
  ['SELECT * FROM "T" ORDER BY pk WHERE pk = 1', "Unexpected token after expression"],
  ['SELECT * FROM "T" WHERE pk = 1e2147483648', ""],
  ['SELECT * FROM "T" WHERE pk = 1e99999999999', ""],
  ['SELECT * FROM "T" WHERE pk = 1.5e-2147483647', ""],
  ['SELECT * FROM "T" WHERE pk = 1 # note', ""],
  ['SELECT * FROM "T" WHERE pk = 1 /* note', ""],
  ["INSERT INTO \"T\" t VALUE {'pk': 'x'}", "Unexpected token after expression"],
  ['SELECT * FROM "T" WHERE', "Unexpected term"],
  ['SELECT * FROM "T" WHERE;', "Unexpected term"],
  ['SELECT * FROM "T" WHERE   ', "Unexpected term"],
  ['SELECT pk FROM "T" WHERE', "Unexpected term"],
  ['UPDATE "T" SET a = 1 WHERE', "Unexpected term"],
  ['DELETE FROM "T" WHERE', "Unexpected term"],
  ['SELECT * FROM "T" WHERE NOT', "Unexpected term"],
  ['SELECT * FROM "T" WHERE (', "Unexpected term"],
  ["SELECT * FROM \"T\" WHERE pk = 'p1' AND", "Missing right-hand side expression of infix operator"],
  ["SELECT * FROM \"T\" WHERE pk = 'p1' OR", "Missing right-hand side expression of infix operator"],
  ['SELECT * FROM "T" WHERE pk =', "Missing right-hand side expression of infix operator"],
  ['SELECT * FROM "T" WHERE ORDER BY pk', "Unexpected keyword"],
  ["SELECT * FROM \"T\" WHERE pk = 'a' AND x IS FOO", "Expected type name"],
  ['SELECT * FROM "T" WHERE IS NULL', "Unexpected operator"],
  ['SELECT * FROM "T" WHERE pk = LIKE', "Unexpected operator"],
  ["DELETE FROM", "Expected identifier for simple path"],
  ["DELETE FROM   ", "Expected identifier for simple path"],
  ["DELETE FROM;", "Expected identifier for simple path"],
  ["DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"],
  ["SELECT * FROM", "Unexpected term"],
  ["FROM \"T\" SET c = 1 WHERE pk = 'x'", "Unexpected token after expression"],
  ["FROM \"T\" SET c = 1 WHERE pk = 'x' SET d = 2", "Unexpected token after expression"],
  ["FROM \"T\" WHERE pk = 'x'", "Expected data manipulation"],
  ["SLECT * FROM \"T\" WHERE pk = 'x'", "Expected data manipulation"],
  ['SELECTT * FROMM "T"', "Unexpected token after expression"],
  ['SELECT FROM "T"', "Cannot have empty SELECT list"],
  ["SELECT *", "Expected FROM after SELECT list"],
  ["SELECT pk", "Expected FROM after SELECT list"],
  [
    'SELECT *, pk FROM "T"',
    "Other expressions may not be present in the select list when '*' is used without dot notation.",
  ],
  [
    'SELECT pk, * FROM "T"',
    "Other expressions may not be present in the select list when '*' is used without dot notation.",
  ],
  ['SELECT * FROM "T" ORDER pk', "Expected BY after ORDER"],
  ["SELECT * FROM order", "Unexpected keyword"],
  ['SELECT date FROM "T"', "Unexpected keyword"],
  ['SELECT * FROM "T" WHERE a..b = 1', "Invalid path dot component"],
  ['SELECT * FROM "T" WHERE a BETWEEN 1', "Expected AND after BETWEEN"],
  ['SELECT * FROM "T" WHERE a BETWEEN 1 OR 2', "Expected AND after BETWEEN"],
  ['SELECT * FROM "T" WHERE a IN', "Missing right-hand side expression of infix operator"],
  ['SELECT * FROM "T" WHERE a IN [1, 2', "Expected ]"],
  ["SELECT * FROM \"T\" WHERE a = {'x' 1}", "Expected :"],
  ['SELECT * FROM "T" WHERE a = \'x', ""],
  ['SELECT * FROM "T', ""],
  ['SELECT * FROM "T" WHERE a ~ 1', ""],
  ['SELECT * FROM "T" WHERE a = `1`', ""],
  ['SELECT * FROM "T"; SELECT * FROM "U"', "Unexpected token after expression"],
  ["INSERT", "Expected INTO after INSERT"],
  ['INSERT "T" VALUE {}', "Expected INTO after INSERT"],
  ["INSERT INTO", "Expected identifier for simple path"],
  ['INSERT INTO "T"', "Unexpected term"],
  ['INSERT INTO "T" VALUE', "Unexpected term"],
  ["INSERT INTO \"T\" VALUES {'pk': 1}", "Unexpected keyword"],
  ["UPDATE", "Expected identifier for simple path"],
  ['UPDATE "T"', "Expected data manipulation"],
  ['UPDATE "T" SET', "Expected identifier for simple path"],
  ['UPDATE "T" SET WHERE', "Expected identifier for simple path"],
  ['UPDATE "T" SET a WHERE pk = 1', "Expected ="],
  ['UPDATE "T" SET a = WHERE pk = 1', "Unexpected keyword"],
  ['UPDATE "T" SET a = 1, WHERE pk = 1', "Expected identifier for simple path"],
  ['UPDATE "T" REMOVE a, b WHERE pk = 1', "Unexpected token after expression"],
  ['UPDATE "T" REMOVE WHERE pk = 1', "Expected identifier for simple path"],
  ['UPDATE "T" WHERE pk = 1', "Expected data manipulation"],
  ['UPDATE "T" SET a = 1 WHERE pk = 1 RETURNING', "Expected ALL or MODIFIED after RETURNING"],
  ['UPDATE "T" SET a = 1 WHERE pk = 1 RETURNING ALL', "Expected OLD or NEW after ALL"],
  ['UPDATE "T" SET a = 1 WHERE pk = 1 RETURNING ALL OLD', "Expected * in RETURNING"],
  ['UPDATE "T" SET a = 1 WHERE pk = 1 RETURNING SOME OLD *', "Expected ALL or MODIFIED after RETURNING"],
  ['DELETE "T" WHERE pk = 1', "Expected FROM after DELETE"],
  ['EXISTS(SELECT * FROM "T" WHERE pk = 1', "Expected )"],
  ['CREATE TABLE "T"', "Unexpected keyword"],
  ['DROP TABLE "T"', "Unexpected keyword"],
  ["*", "Unexpected operator"],
  ["(", "Unexpected term"],
  [",", "Unexpected term"],
  [";", "Unexpected term"],
])("cannot read %s", (text, detail) => {
  const message = `Statement wasn't well formed, can't be processed: ${detail}`;
  expect(() => parseStatement(text)).toThrow(validationException(message));
});

test.each([
  ["SELECT * FROM \"T\" t WHERE pk = 'x'", "Aliasing is not supported"],
  ["SELECT * FROM \"T\" AS t WHERE pk = 'x'", "Aliasing is not supported"],
  ["UPDATE \"T\" t SET a = 3 WHERE pk = 'x'", "Aliasing is not supported"],
  ["DELETE FROM \"T\" t WHERE pk = 'x'", "Aliasing is not supported"],
  ["x IS INT4", "Unsupported operation: IsType"],
  ["x IS INT8", "Unsupported operation: IsType"],
  ["x IS DOUBLE PRECISION", "Unsupported operation: IsType"],
  ["x IS CHARACTER VARYING", "Unsupported operation: IsType"],
  ['SELECT DISTINCT pk FROM "T"', "Unsupported clause: SELECT DISTINCT at 1:8:8"],
  ['SELECT VALUE pk FROM "T"', "Unsupported clause: SELECT VALUE at 1:8:5"],
  ['SELECT pk AS key2 FROM "T"', "Aliasing is not supported"],
  ['SELECT pk other FROM "T"', "Aliasing is not supported"],
  ['SELECT * FROM "T", "U"', "Only select from a single table or index is supported."],
  ['SELECT * FROM "T" JOIN "U" ON a = b', "Only select from a single table or index is supported."],
  ["SELECT * FROM 'T'", "Unexpected from source at 1:15:3"],
  ['SELECT * FROM ["T"]', "Unexpected from source at 1:15:1"],
  ['SELECT * FROM "T" WHERE a = 1 GROUP BY a', "Unsupported clause: GROUP BY at 1:40:1"],
  ['SELECT * FROM "T" WHERE a = 1 HAVING a > 1', "Unsupported clause: HAVING at 1:40:1"],
  ['SELECT * FROM "T" LIMIT 5', "Unsupported clause: LIMIT at 1:25:1"],
  ['SELECT a[x] FROM "T"', "Unexpected path component at 1:10:1"],
  ['SELECT a[-1] FROM "T"', "List index is not within the allowable range; index: [-1] at 1:11:1"],
  ['SELECT a[2147483648] FROM "T"', "List index is not within the allowable range; index: [2147483648] at 1:10:10"],
  ['SELECT a[1.5] FROM "T"', "Unexpected path component at 1:10:3"],
  ["INSERT INTO \"T\" VALUE {'pk': 1} ON CONFLICT DO NOTHING", "Unsupported clause: ON CONFLICT at 1:33:2"],
  ['EXISTS("T")', "Unsupported operation: NAry"],
  ["x", "Unsupported operation: VariableReference"],
  ["'x'", "Unsupported operation: Literal"],
  ["?", "Unsupported operation: Parameter"],
  ["1 + 2", "Unsupported operation: NAry"],
])("reads and refuses %s", (text, message) => {
  expect(() => parseStatement(text)).toThrow(validationException(message));
});

test("positions count lines and columns from 1", () => {
  const { statement } = parseStatement("SELECT *\nFROM \"T\"\n  WHERE a = 'x\ny' AND b = ?");
  expect(statement).toMatchObject({
    position: { line: 1, column: 1, length: 6 },
    source: { position: { line: 2, column: 6, length: 3 } },
    where: {
      position: { line: 4, column: 4, length: 3 },
      right: { right: { position: { line: 4, column: 12, length: 1 } } },
    },
  });
});

test.each([
  ["(", ")"],
  ["[", "]"],
  ["NOT ", ""],
  ["- ", ""],
  ["{'a': ", "}"],
])("a statement nested without end by %s is refused, not run out of stack", (open, close) => {
  const text = `SELECT * FROM T WHERE a = ${open.repeat(1300)}1${close.repeat(1300)}`;
  expect(() => parseStatement(text)).toThrow("Statement wasn't well formed");
});

test("random texts never do anything but parse or be refused", () => {
  const pieces = [
    "SELECT",
    "*",
    "FROM",
    '"T"',
    "WHERE",
    "a",
    "=",
    "1",
    "AND",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'x'",
    ":",
    ",",
    "?",
    "SET",
    "UPDATE",
    "INSERT",
    "INTO",
    "VALUE",
    "DELETE",
    "IS",
    "NOT",
    "MISSING",
    "IN",
    "BETWEEN",
    "<<",
    ">>",
    ".",
    "-",
    "ORDER",
    "BY",
    "EXISTS(",
  ];
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let parsed = 0;
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]).join(" ");
    try {
      parseStatement(`${random(2) === 0 ? 'SELECT * FROM "T" WHERE a = ' : ""}${text}`);
      parsed++;
    } catch (error) {
      expect(error).toMatchObject({ name: "ValidationException" });
    }
  }
  expect(parsed).toBeGreaterThan(100);
});
