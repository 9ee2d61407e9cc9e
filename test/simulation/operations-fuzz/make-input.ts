import type { ScalarShape, ServiceModel } from "../../../src/api/model.ts";
import { lambdaTrust, zip } from "../../harness/functions.ts";
import type { Chance } from "./chance.ts";
import type { KnownValues } from "./known-values.ts";

const deepest = 6;

const awkward = [
  "",
  " ",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\u0000",
  "a\u0007b",
  "é😀\n",
  "\ud800",
  "*",
  "/",
  "../../../etc/passwd",
  "%2e%2e%2f",
  "$(id)",
  "a:b:c:d:e:f:g",
  "-1",
  "0",
  "NaN",
  "1e400",
  "null",
  "{}",
  "[]",
  '{"a":',
  '{"__proto__":{"polluted":true}}',
  "$LATEST",
  "arn:",
  "arn:aws:iam::111111111111:role/other",
  "arn:aws:iam::aws:policy/ReadOnlyAccess",
  "arn:aws:lambda:eu-west-1:222222222222:function:other:1",
  "arn:aws:dynamodb:us-east-1:000000000000:table/__proto__",
  "arn:aws:logs:eu-west-1:000000000000:log-group:other:*",
  "arn:aws:apigateway:us-east-1::/restapis/abc/stages/dev",
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations",
  "111111111111",
] as const;

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["dynamodb:*"], Resource: "*", Condition: { StringLike: { "aws:a": "b*" } } }],
});

/** Texts of languages that members speak, right and wrong ones. */
const spoken: readonly (readonly [member: RegExp, texts: readonly string[]])[] = [
  [
    /policydocument|policyinputlist|^policy$/i,
    [policy, lambdaTrust, "{}", '{"Statement":[]}', '{"Statement":{"Effect":1}}', "[".repeat(5000), policy + " "],
  ],
  [
    /expression$|^filterexpression/i,
    ["attribute_exists(id)", "id = :v", "#a = :v AND contains(#b, :w)", "SET a = :v", "SET #a = #a + :v REMOVE b[0]"]
      .concat([
        "ADD n :v DELETE s :w",
        "a, #b.c[1]",
        "((((id = :v))))",
        "size(#a) BETWEEN :v AND :w",
        "NOT NOT id IN (:v)",
      ])
      .concat(["a".repeat(4097), "(".repeat(2000), "SET __proto__.a = :v", "id = :v AND begins_with(r, :w)"]),
  ],
  [
    /statement$/i,
    [`SELECT * FROM "table-1"`, `INSERT INTO "table-1" VALUE {'id': ?}`, `DELETE FROM "table-1" WHERE id = '1'`],
  ],
  [/filterpattern/i, ["ERROR", "?a ?b", '"a b" -c', "{ $.a = 1 }", "%a%", '"']],
  [
    /templates?$/i,
    ["$input.json('$')", "#set($a = 1)$a", "#if(", "#foreach($i in [1..3])$i#end", "$context.requestId"],
  ],
  [
    /^path$/i,
    ["/name", "/description", "/variables/a", "/tags/a", "/binaryMediaTypes/a~1b", "/*/*/logging", "//", "/~2", ""],
  ],
  [/^op$/i, ["add", "remove", "replace", "copy", "move", "test"]],
  [/^handler$/i, ["index.handler", "a.b", "index"]],
  [/runtime$/i, ["nodejs22.x", "python3.13", "provided.al2023", "java21"]],
  [/time$|timestamp$|until$/i, ["2026-01-01T00:00:00Z"]],
];

/** What a function is: it answers what it was given. */
export const program = zip({ "index.js": "exports.handler = async (event) => event;" });

/** Makes inputs of an operation from its model: mostly such that pass, often with something wrong. */
export class InputMaker {
  readonly #model: ServiceModel;
  readonly #known: KnownValues;
  readonly #chance: Chance;

  constructor(model: ServiceModel, known: KnownValues, chance: Chance) {
    this.#model = model;
    this.#known = known;
    this.#chance = chance;
  }

  make(shapeName: string): Record<string, unknown> {
    return this.#value(shapeName, shapeName, 0) as Record<string, unknown>;
  }

  /** The same input with up to three members, somewhere in it, made anew, recalled or left out. */
  change(shapeName: string, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    let changed: unknown = input;
    for (let i = this.#chance.below(4); i > 0; i--) changed = this.#changed(shapeName, shapeName, changed, 0);
    return (changed ?? {}) as Record<string, unknown>;
  }

  /** The members that another operation's input shares with this shape; what is required besides is made. */
  complete(shapeName: string, other: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const made = this.make(shapeName);
    const shape = this.#model.shapes[shapeName]!;
    if (shape.type !== "structure") return made;
    for (const [name, ref] of Object.entries(shape.members)) {
      const value = other[name];
      if (value !== undefined && fits(value, this.#model.shapes[ref.shape]!.type)) made[name] = value;
    }
    return made;
  }

  #changed(shapeName: string, member: string, value: unknown, depth: number): unknown {
    const chance = this.#chance;
    const shape = this.#model.shapes[shapeName]!;
    if (depth > 0 && (chance.happens(0.4) || value === undefined || value === null)) {
      return chance.happens(0.2) ? undefined : this.#value(shapeName, member, depth);
    }
    if (shape.type === "structure") {
      const name = chance.pick(Object.keys(shape.members).concat(Object.keys(value as object)));
      if (name === undefined) return value;
      const inner = (value as Record<string, unknown>)[name];
      return { ...(value as object), [name]: this.#changed(shape.members[name]!.shape, name, inner, depth + 1) };
    }
    if (shape.type === "list") {
      const list = [...(value as readonly unknown[])];
      const at = chance.below(list.length + 1);
      const entry = this.#changed(shape.member.shape, member, list[at], depth + 1);
      if (entry === undefined) list.splice(at, 1);
      else list[at] = entry;
      return list;
    }
    if (shape.type === "map") {
      const map = dictionary(Object.entries(value as object));
      const key = chance.pick([
        ...Object.keys(map),
        this.#value(shape.key.shape, `${member}.key`, depth + 1) as string,
      ]);
      const entry = this.#changed(shape.value.shape, member, Object.hasOwn(map, key) ? map[key] : undefined, depth + 1);
      if (entry === undefined) delete map[key];
      else map[key] = entry;
      return map;
    }
    return this.#value(shapeName, member, depth);
  }

  #value(shapeName: string, member: string, depth: number): unknown {
    const chance = this.#chance;
    const shape = this.#model.shapes[shapeName]!;
    const compound = shape.type === "structure" || shape.type === "list" || shape.type === "map";
    if (depth > 0 && chance.happens(compound ? 0.3 : 0.55)) {
      const known = compound
        ? this.#known.recallShape(this.#model, shapeName, chance)
        : this.#known.recall(member, chance);
      if (known !== undefined && (compound || fits(known, shape.type))) return known;
    }
    switch (shape.type) {
      case "structure": {
        const made: Record<string, unknown> = {};
        const names = Object.keys(shape.members);
        const chosen =
          (shape.union ?? shapeName === "AttributeValue") && names.length > 0 ? chance.pick(names) : undefined;
        for (const name of names) {
          const wanted = shape.required?.includes(name) ? 0.97 : depth > 2 ? 0.2 : 0.35;
          if (chosen === undefined ? depth < deepest && chance.happens(wanted) : name === chosen) {
            if (depth < deepest + 2) made[name] = this.#value(shape.members[name]!.shape, name, depth + 1);
          }
        }
        return made;
      }
      case "list":
        return Array.from({ length: this.#size(shape.min, shape.max, depth) }, () =>
          this.#value(shape.member.shape, member, depth + 1),
        );
      case "map":
        return dictionary(
          Array.from({ length: this.#size(shape.min, shape.max, depth) }, () => [
            this.#value(shape.key.shape, `${member}.key`, depth + 1) as string,
            this.#value(shape.value.shape, member, depth + 1),
          ]),
        );
      case "string":
      case "character":
        return this.#text(shape, member);
      case "blob":
        return chance.pick([program, program, new Uint8Array(), Uint8Array.of(0, 255, 80, 75), Buffer.from('{"a":1}')]);
      case "boolean":
        return chance.happens(0.5);
      case "timestamp":
        return new Date(chance.pick([0, -1, 1.7e12, 8.64e15, 1767225600_000]));
      case "integer":
        return this.#number(shape, 2 ** 31 - 1);
      case "long":
        return this.#number(shape, Number.MAX_SAFE_INTEGER);
      default:
        return chance.pick([0, 0.5, -1.25, 1e308]);
    }
  }

  #size(min = 0, max = 1000, depth: number): number {
    const chance = this.#chance;
    if (depth >= deepest) return Math.min(min, 2);
    if (chance.happens(0.02)) return Math.min(max + 1, 130);
    return chance.pick([min, Math.min(min + 1, max), 1, 1, 2, 0]);
  }

  #number(shape: ScalarShape, largest: number): number {
    const { min = 0, max = largest } = shape;
    const chance = this.#chance;
    if (chance.happens(0.15)) return chance.pick([min - 1, max < largest ? max + 1 : largest, -largest, largest, 0]);
    return chance.pick([min, min, max, Math.min(max, min + 1), Math.min(max, Math.max(min, 10))]);
  }

  #text(shape: ScalarShape, member: string): string {
    const chance = this.#chance;
    if (shape.enum && chance.happens(0.95)) return chance.pick(shape.enum);
    if (chance.happens(0.25)) return chance.pick(awkward);
    if (chance.happens(0.05)) {
      const { min = 0, max = 300 } = shape;
      return chance
        .pick(["a", "é", "/"])
        .repeat(Math.max(0, Math.min(20_000, chance.pick([min, min - 1, max, max + 1]))));
    }
    const texts = spoken.find(([name]) => name.test(member.replace(/\.key$/, "")))?.[1];
    if (texts && chance.happens(0.9)) return chance.pick(texts);
    return `${member.toLowerCase().slice(0, 12)}-${chance.below(4)}`;
  }
}

/** As decoders make maps: no prototype, so `__proto__` is a key like any. */
function dictionary(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) made[key] = value;
  return made;
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case "string":
    case "character":
      return typeof value === "string";
    case "blob":
      return value instanceof Uint8Array;
    case "boolean":
      return typeof value === "boolean";
    case "timestamp":
      return value instanceof Date;
    case "integer":
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    default:
      return type === "long" ? Number.isInteger(value) : typeof value === "number";
  }
}
