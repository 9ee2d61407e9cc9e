import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPlatform } from "../../../../test/harness/platform.ts";
import type { AttributeValue, DynamoDBApi } from "../../../api/dynamodb/types.ts";
import { makeTable } from "../test-tables.ts";

let platform: TestPlatform;
let dynamodb: DynamoDBApi;

beforeEach(async () => {
  platform = await TestPlatform.start();
  ({ dynamodb } = platform.aws());
  await makeTable(platform, "tbl", "pk:S sk:N", {
    gsi: { keys: "g:S n:N" },
    lsi: { keys: "pk:S n:N", local: true },
  });
});
afterEach(() => platform.close());

type Random = (below: number) => number;

/** Numbers that repeat for a seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The same condition in both languages; values are shared. */
interface Condition {
  readonly partiql: string;
  readonly expression: string;
}

class Writer {
  readonly random: Random;
  readonly parameters: AttributeValue[] = [];
  readonly values: Record<string, AttributeValue> = {};

  constructor(random: Random) {
    this.random = random;
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.random(choices.length)]!;
  }

  /** A value as a literal or a parameter, in the order in which it is written. */
  value(value: AttributeValue): Condition {
    const name = `:v${Object.keys(this.values).length}`;
    this.values[name] = value;
    const literal = "N" in value ? value.N! : `'${value.S}'`;
    if (this.random(2) === 0) return { partiql: literal, expression: name };
    this.parameters.push(value);
    return { partiql: "?", expression: name };
  }

  number(below: number): Condition {
    return this.value({ N: String(this.random(below) - 1) });
  }

  text(prefix: string): Condition {
    return this.value({ S: `${prefix}${this.random(3)}` });
  }

  /** A test of a number. */
  test(name: string, below: number): Condition {
    switch (this.random(3)) {
      case 0: {
        const start = this.random(below) - 1;
        const low = this.value({ N: String(start) });
        const high = this.value({ N: String(start + this.random(below)) });
        return both(low, high, (from, to) => `${name} BETWEEN ${from} AND ${to}`);
      }
      case 1:
        return changed(this.number(below), (value) => `${value} <= ${name}`);
      default: {
        const comparator = this.pick("=", "<", "<=", ">", ">=");
        return changed(this.number(below), (value) => `${name} ${comparator} ${value}`);
      }
    }
  }

  filter(depth: number): Condition {
    switch (this.random(depth > 0 ? 9 : 6)) {
      case 0:
        return { partiql: "x IS MISSING", expression: "attribute_not_exists(x)" };
      case 1:
        return { partiql: "size(x) > 1", expression: `size(x) > ${this.constant({ N: "1" })}` };
      case 2:
        return changed(this.text("x"), (prefix) => `begins_with(x, ${prefix})`);
      case 3:
        return changed(this.number(4), (value) => `m.k <> ${value}`);
      case 4: {
        const one = this.text("x");
        const two = this.text("x");
        return {
          partiql: `x IN [${one.partiql}, ${two.partiql}]`,
          expression: `x IN (${one.expression}, ${two.expression})`,
        };
      }
      case 5:
        return this.test("c", 4);
      case 6:
        return changed(this.filter(depth - 1), (inner) => `NOT ${parenthesized(inner)}`);
      default: {
        const operator = this.pick("AND", "OR");
        const one = this.filter(depth - 1);
        const two = this.filter(depth - 1);
        return both(one, two, (a, b) => `${parenthesized(a)} ${operator} ${parenthesized(b)}`);
      }
    }
  }

  constant(value: AttributeValue): string {
    const name = `:v${Object.keys(this.values).length}`;
    this.values[name] = value;
    return name;
  }
}

function changed(condition: Condition, write: (text: string) => string): Condition {
  return { partiql: write(condition.partiql), expression: write(condition.expression) };
}

function both(one: Condition, two: Condition, write: (a: string, b: string) => string): Condition {
  return { partiql: write(one.partiql, two.partiql), expression: write(one.expression, two.expression) };
}

/** Doubled parentheses are refused in expressions. */
function parenthesized(text: string): string {
  return text.startsWith("(") && text.endsWith(")") && !text.slice(1, -1).includes("(") ? text : `(${text})`;
}

async function fill(random: Random): Promise<void> {
  for (let at = 0; at < 60; at++) {
    await dynamodb.PutItem({
      TableName: "tbl",
      Item: {
        pk: { S: `p${random(3)}` },
        sk: { N: String(random(30) - 5) },
        ...(random(3) > 0 && { g: { S: `g${random(2)}` } }),
        ...(random(3) > 0 && { n: { N: String(random(5)) } }),
        ...(random(3) > 0 && { x: { S: `x${random(3)}` } }),
        c: { N: String(random(4)) },
        m: { M: { k: { N: String(random(4)) } } },
      },
    });
  }
}

/** Every item of every page. */
async function selectAll(Statement: string, Parameters: AttributeValue[] | undefined, Limit: number | undefined) {
  const items = [];
  let NextToken: string | undefined;
  do {
    const page = await dynamodb.ExecuteStatement({ Statement, Parameters, Limit, NextToken });
    items.push(...page.Items!);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return items;
}

test.each([1, 2, 3, 4, 5, 6])(
  "a SELECT finds what the same Query or Scan finds, in its order, seed %d",
  async (seed) => {
    const random = randomOf(seed);
    await fill(random);
    let matches = 0;
    for (let round = 0; round < 60; round++) {
      const writer = new Writer(random);
      const IndexName = writer.pick(undefined, "gsi", "lsi");
      const [partition, sort, prefix] =
        IndexName === undefined ? ["pk", "sk", "p"] : IndexName === "gsi" ? ["g", "n", "g"] : ["pk", "n", "p"];
      const keyed = random(3) > 0;
      const conditions: Condition[] = [];
      const keys: Condition[] = [];
      if (keyed) {
        keys.push(changed(writer.text(prefix!), (value) => `${partition} = ${value}`));
        if (random(2) === 0) keys.push(writer.test(sort!, 8));
      }
      if (random(3) > 0) conditions.push(writer.filter(2));
      const where = [...keys, ...conditions].map(({ partiql }) => parenthesized(partiql)).join(" AND ");
      const from = IndexName === undefined ? "tbl" : `"tbl"."${IndexName}"`;
      const descending = keyed && random(2) === 0;
      const statement = `SELECT * FROM ${from}${where && ` WHERE ${where}`}${descending ? ` ORDER BY ${sort} DESC` : ""}`;
      const parameters = writer.parameters.length > 0 ? writer.parameters : undefined;
      const common = {
        TableName: "tbl",
        IndexName,
        ...(conditions[0] && { FilterExpression: conditions[0].expression }),
        ...(Object.keys(writer.values).length > 0 && { ExpressionAttributeValues: writer.values }),
      };
      const { Items } = keyed
        ? await dynamodb.Query({
            ...common,
            KeyConditionExpression: keys.map(({ expression }) => expression).join(" AND "),
            ScanIndexForward: !descending,
          })
        : await dynamodb.Scan(common);
      const selected = await selectAll(statement, parameters, writer.pick(undefined, 1, 7, 100));
      expect(selected, statement).toEqual(Items);
      matches += selected.length;
    }
    expect(matches).toBeGreaterThan(50);
  },
);
