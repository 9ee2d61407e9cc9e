import type { ScalarShape, ServiceModel, Shape, StructureShape } from "../../api/model.ts";
import { compilePattern } from "./pattern.ts";
import { isMissing } from "./is-missing.ts";

/** Whether a value keeps the constraints of its shape. Says nothing about why not; `findViolations` does that. */
export type Check = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The check of a shape, or undefined where neither the shape nor anything in it is constrained, so that it is not walked.
 * `skips` names members of the input itself that are not checked.
 */
export function compileCheck(
  model: ServiceModel,
  shape: string,
  skips: (member: string) => boolean,
): Check | undefined {
  return new CheckCompiler(model, shape).input(skips);
}

class CheckCompiler {
  readonly #shapes: ServiceModel["shapes"];
  readonly #root: string;
  readonly #constrained = new Set<string>();
  readonly #checks = new Map<string, Check>();

  constructor(model: ServiceModel, root: string) {
    this.#shapes = model.shapes;
    this.#root = root;
    this.#survey();
  }

  /** The check of the root. Inputs are no part of other shapes. */
  input(skips: (member: string) => boolean): Check | undefined {
    const shape = this.#shapes[this.#root];
    if (shape?.type !== "structure" || !this.#constrained.has(this.#root)) return undefined;
    return this.#structure(shape, skips);
  }

  #check(name: string): Check | undefined {
    if (!this.#constrained.has(name)) return undefined;
    const done = this.#checks.get(name);
    if (done) return done;
    // A shape that holds itself finds this while it is being compiled.
    this.#checks.set(name, (value) => this.#checks.get(name)!(value));
    const compiled = this.#compile(this.#shapes[name]!);
    this.#checks.set(name, compiled);
    return compiled;
  }

  /** Finds what is constrained: shapes with constraints of their own, then all that lead to one. */
  #survey(): void {
    const users = new Map<string, string[]>();
    const reached = new Set([this.#root]);
    const constrained: string[] = [];
    for (const name of reached) {
      const shape = this.#shapes[name];
      if (!shape) continue;
      if (isConstrained(shape)) constrained.push(name);
      for (const part of partsOf(shape)) {
        reached.add(part);
        const usersOfPart = users.get(part);
        if (usersOfPart) usersOfPart.push(name);
        else users.set(part, [name]);
      }
    }
    for (let name = constrained.pop(); name !== undefined; name = constrained.pop()) {
      if (this.#constrained.has(name)) continue;
      this.#constrained.add(name);
      constrained.push(...(users.get(name) ?? []));
    }
  }

  #compile(shape: Shape): Check {
    switch (shape.type) {
      case "structure":
        return this.#structure(shape);
      case "list": {
        const size = withinSize(shape.min, shape.max);
        const member = this.#check(shape.member.shape);
        return (value) => {
          const list = value as readonly unknown[];
          if (size && !size(list.length)) return false;
          if (member) for (const entry of list) if (isMissing(entry) || !member(entry)) return false;
          return true;
        };
      }
      case "map": {
        const size = withinSize(shape.min, shape.max);
        const key = this.#check(shape.key.shape);
        const member = this.#check(shape.value.shape);
        return (value) => {
          const map = value as Fields;
          if (size && !size(Object.keys(map).length)) return false;
          for (const name in map) {
            if (key && !key(name)) return false;
            if (member) {
              const entry = map[name];
              if (isMissing(entry) || !member(entry)) return false;
            }
          }
          return true;
        };
      }
      default:
        return compileScalar(shape);
    }
  }

  #structure(shape: StructureShape, skips?: (member: string) => boolean): Check {
    const required = new Set(shape.required);
    const names: string[] = [];
    const needed: boolean[] = [];
    const checks: (Check | undefined)[] = [];
    for (const [member, ref] of Object.entries(shape.members)) {
      if (skips?.(member)) continue;
      const check = this.#check(ref.shape);
      if (!check && !required.has(member)) continue;
      names.push(member);
      needed.push(required.has(member));
      checks.push(check);
    }
    return (value) => {
      const fields = value as Fields;
      for (let i = 0; i < names.length; i++) {
        const member = fields[names[i]!];
        if (isMissing(member)) {
          if (needed[i]) return false;
        } else {
          const check = checks[i];
          if (check && !check(member)) return false;
        }
      }
      return true;
    };
  }
}

function compileScalar(shape: ScalarShape): Check {
  if (shape.type === "string" || shape.type === "character") {
    const values = shape.enum ? new Set<unknown>(shape.enum) : undefined;
    const size = withinSize(shape.min, shape.max);
    const pattern = shape.pattern === undefined ? undefined : compilePattern(shape.pattern, shape.max);
    return (value) => {
      if (values && !values.has(value)) return false;
      if (size && !size((value as string).length)) return false;
      return !pattern || pattern(value as string);
    };
  }
  if (shape.type === "blob") {
    const size = withinSize(shape.min, shape.max);
    // Bodies that stream have no length yet.
    return (value) => !size || !(value instanceof Uint8Array) || size(value.byteLength);
  }
  const { min = -Infinity, max = Infinity } = shape;
  return (value) => !((value as number) < min) && !((value as number) > max);
}

function withinSize(min: number | undefined, max: number | undefined): ((size: number) => boolean) | undefined {
  if (!min && max === undefined) return undefined;
  const least = min ?? 0;
  const most = max ?? Infinity;
  return (size) => size >= least && size <= most;
}

function isConstrained(shape: Shape): boolean {
  switch (shape.type) {
    case "structure":
      return (shape.required?.length ?? 0) > 0;
    case "string":
    case "character":
      return shape.enum !== undefined || shape.pattern !== undefined || Boolean(shape.min) || shape.max !== undefined;
    case "list":
    case "map":
    case "blob":
      return Boolean(shape.min) || shape.max !== undefined;
    case "boolean":
    case "timestamp":
      return false;
    default:
      return shape.min !== undefined || shape.max !== undefined;
  }
}

/** The shapes that a shape is made of; events that stream in are checked by whoever reads them. */
function partsOf(shape: Shape): readonly string[] {
  if (shape.type === "structure") {
    return shape.eventstream || shape.document ? [] : Object.values(shape.members).map((ref) => ref.shape);
  }
  if (shape.type === "list") return [shape.member.shape];
  if (shape.type === "map") return [shape.key.shape, shape.value.shape];
  return [];
}
