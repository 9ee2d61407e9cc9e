import type { ScalarShape, ServiceModel, Shape } from "../../api/model.ts";
import { enumOrder, hashMapOrder } from "./java-order.ts";
import { memberName } from "./member-name.ts";
import { compilePattern } from "./pattern.ts";
import { printNumber, printValue } from "./print-value.ts";
import { isMissing } from "./is-missing.ts";

/** A constraint that the input breaks. */
export interface Violation {
  /** `globalSecondaryIndexes.1.member.indexName` */
  readonly path: string;
  /** The member's name as in the model. */
  readonly member: string;
  /** As printed; undefined where there is none, and where it is secret. */
  readonly value: string | undefined;
  readonly secret: boolean;
  /** `Member must not be null` */
  readonly constraint: string;
}

export interface ViolationOptions {
  readonly model: ServiceModel;
  /** Members of the input that the service does not check this way. */
  readonly skips: (member: string) => boolean;
  /** Whether "Member must not be null" ends the list of what entries of lists and maps must satisfy. */
  readonly entriesNotNull: boolean;
}

const notNull = "Member must not be null";

/** Longest key of a map that is part of a path. AWS has no such bound. */
const longestKey = 1024;

/** AWS reports no more than this many. */
const most = 10;

/** Why an input breaks its model, in AWS's order. Runs only for input that was found wrong, so it is simple, not fast. */
export function findViolations(inputShape: string, input: unknown, options: ViolationOptions): readonly Violation[] {
  const search = new Search(options);
  search.structure(inputShape, input, "", options.skips);
  return search.found;
}

class Search {
  readonly found: Violation[] = [];
  readonly #options: ViolationOptions;
  /** Kept while searching: a list may have a hundred thousand entries of one shape. */
  readonly #constraints = new Map<string, readonly Constraint[]>();

  constructor(options: ViolationOptions) {
    this.#options = options;
  }

  get #full(): boolean {
    return this.found.length >= most;
  }

  structure(name: string, value: unknown, path: string, skips?: (member: string) => boolean): void {
    const shape = this.#shape(name);
    if (shape?.type !== "structure" || shape.eventstream || shape.document) return;
    const fields = value as Readonly<Record<string, unknown>>;
    const members = new Map(Object.keys(shape.members).map((member) => [memberName(member), member]));
    for (const printed of hashMapOrder([...members.keys()])) {
      if (this.#full) return;
      const member = members.get(printed)!;
      if (skips?.(member)) continue;
      const ref = shape.members[member]!;
      const at = path === "" ? printed : `${path}.${printed}`;
      const entry = fields[member];
      if (isMissing(entry)) {
        if (shape.required?.includes(member)) this.#report(at, member, ref.shape, undefined, notNull);
        continue;
      }
      for (const constraint of this.#broken(ref.shape, entry)) this.#report(at, member, ref.shape, entry, constraint);
      this.#contents(ref.shape, entry, at, member);
    }
  }

  /** What is in a value, whose own constraints have been checked. */
  #contents(name: string, value: unknown, path: string, member: string): void {
    const shape = this.#shape(name);
    switch (shape?.type) {
      case "structure":
        this.structure(name, value, path);
        break;
      case "list": {
        const list = value as readonly unknown[];
        if (list.some((entry) => this.#breaks(shape.member.shape, entry))) {
          this.#report(path, member, name, value, `Member must satisfy constraint: [${this.#all(shape.member.shape)}]`);
        }
        for (let i = 0; i < list.length && !this.#full; i++) {
          if (!isMissing(list[i])) this.#contents(shape.member.shape, list[i], `${path}.${i + 1}.member`, member);
        }
        break;
      }
      case "map": {
        const map = value as Readonly<Record<string, unknown>>;
        const keys = Object.keys(map);
        if (keys.some((key) => this.#breaks(shape.key.shape, key))) {
          this.#report(path, member, name, value, `Map keys must satisfy constraint: [${this.#all(shape.key.shape)}]`);
        }
        if (keys.some((key) => this.#breaks(shape.value.shape, map[key]))) {
          this.#report(
            path,
            member,
            name,
            value,
            `Map value must satisfy constraint: [${this.#all(shape.value.shape)}]`,
          );
        }
        for (const key of hashMapOrder(keys)) {
          if (this.#full) return;
          if (!isMissing(map[key]))
            this.#contents(
              shape.value.shape,
              map[key],
              `${path}.${key.length > longestKey ? `${key.slice(0, longestKey)}...` : key}.member`,
              member,
            );
        }
        break;
      }
      default:
        break;
    }
  }

  #report(path: string, member: string, name: string, value: unknown, constraint: string): void {
    if (this.#full) return;
    const secret = this.#isSecret(name);
    const printed = secret || isMissing(value) ? undefined : printValue(this.#options.model, name, value);
    this.found.push({ path, member, value: printed, secret, constraint });
  }

  #breaks(name: string, entry: unknown): boolean {
    return isMissing(entry) || this.#broken(name, entry).length > 0;
  }

  #broken(name: string, value: unknown): readonly string[] {
    return this.#constraintsOf(name)
      .filter((constraint) => !constraint.holds(value))
      .map((constraint) => constraint.text);
  }

  #constraintsOf(name: string): readonly Constraint[] {
    let constraints = this.#constraints.get(name);
    if (!constraints) {
      const shape = this.#shape(name);
      constraints = shape ? constraintsOf(shape) : [];
      this.#constraints.set(name, constraints);
    }
    return constraints;
  }

  /** Everything that an entry of a list or map must satisfy. AWS puts the maximum first here. */
  #all(name: string): string {
    const texts = this.#constraintsOf(name).map(({ text }) => text);
    const pattern = texts.filter((text) => !/ (?:length|value) /.test(text.split(":")[0]!));
    const bounds = texts.filter((text) => !pattern.includes(text)).toReversed();
    const all = [...bounds, ...pattern];
    if (this.#options.entriesNotNull || all.length === 0) all.push(notNull);
    return all.join(", ");
  }

  #isSecret(name: string): boolean {
    const shape = this.#shape(name);
    if (!shape) return false;
    if ("sensitive" in shape && shape.sensitive) return true;
    if (shape.type === "list") return this.#isSecret(shape.member.shape);
    if (shape.type === "map") return this.#isSecret(shape.key.shape) || this.#isSecret(shape.value.shape);
    return false;
  }

  #shape(name: string): Shape | undefined {
    return this.#options.model.shapes[name];
  }
}

interface Constraint {
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
}

/** The constraints of a value itself, in the order in which AWS reports them: pattern or enum, least, most. */
function constraintsOf(shape: Shape): readonly Constraint[] {
  switch (shape.type) {
    case "structure":
    case "boolean":
    case "timestamp":
      return [];
    case "list":
      return lengths(shape.min, shape.max, (value) => (value as readonly unknown[]).length);
    case "map":
      return lengths(shape.min, shape.max, (value) => Object.keys(value as object).length);
    case "blob":
      return lengths(shape.min, shape.max, (value) => (value instanceof Uint8Array ? value.byteLength : undefined));
    case "string":
    case "character":
      return [...texts(shape), ...lengths(shape.min, shape.max, (value) => (value as string).length)];
    default:
      return ranges(shape);
  }
}

function texts(shape: ScalarShape): readonly Constraint[] {
  const constraints: Constraint[] = [];
  if (shape.enum) {
    const values = new Set<unknown>(shape.enum);
    const text = `Member must satisfy enum value set: [${enumOrder(shape.enum).join(", ")}]`;
    constraints.push({ text, holds: (value) => values.has(value) });
  }
  if (shape.pattern !== undefined) {
    const { pattern, max = Infinity } = shape;
    const matches = compilePattern(pattern, shape.max);
    const text = `Member must satisfy regular expression pattern: ${pattern}`;
    // What is too long is reported as that; a pattern never runs on more than its shape allows.
    constraints.push({ text, holds: (value) => (value as string).length > max || matches(value as string) });
  }
  return constraints;
}

function lengths(
  min: number | undefined,
  max: number | undefined,
  lengthOf: (value: unknown) => number | undefined,
): readonly Constraint[] {
  const constraints: Constraint[] = [];
  if (min !== undefined) {
    const text = `Member must have length greater than or equal to ${min}`;
    constraints.push({ text, holds: (value) => (lengthOf(value) ?? min) >= min });
  }
  if (max !== undefined) {
    const text = `Member must have length less than or equal to ${max}`;
    constraints.push({ text, holds: (value) => (lengthOf(value) ?? max) <= max });
  }
  return constraints;
}

function ranges({ type, min, max }: ScalarShape): readonly Constraint[] {
  const floating = type === "float" || type === "double";
  const constraints: Constraint[] = [];
  if (min !== undefined) {
    const text = `Member must have value greater than or equal to ${printNumber(min, floating)}`;
    constraints.push({ text, holds: (value) => !((value as number) < min) });
  }
  if (max !== undefined) {
    const text = `Member must have value less than or equal to ${printNumber(max, floating)}`;
    constraints.push({ text, holds: (value) => !((value as number) > max) });
  }
  return constraints;
}
