import type { ServiceModel } from "../../../src/api/model.ts";

/**
 * Which members of inputs were given to handlers, and which of them any handler of the operation looked at. What is given
 * and never looked at can have no effect: it was accepted and ignored.
 */
export class ReadMembers {
  readonly #given = new Set<string>();
  readonly #read = new Set<string>();

  /** A copy of the input that notes what is read of it. `keep` tells what was given, once the call has succeeded. */
  watch(
    model: ServiceModel,
    operation: string,
    shapeName: string | undefined,
    input: unknown,
  ): { watched: unknown; keep: () => void } {
    const given: string[] = [];
    const watched = shapeName === undefined ? input : this.#copy(model, operation, shapeName, input, given);
    return {
      watched,
      keep: () => {
        for (const name of given) this.#given.add(name);
      },
    };
  }

  /** `lambda.ListFunctions: ListFunctionsRequest.MasterRegion` */
  ignored(): readonly string[] {
    return [...this.#given].filter((name) => !this.#read.has(name)).toSorted();
  }

  #copy(model: ServiceModel, operation: string, shapeName: string, value: unknown, given: string[]): unknown {
    if (value === undefined || value === null) return value;
    const shape = model.shapes[shapeName]!;
    if (shape.type === "list") {
      return (value as readonly unknown[]).map((entry) =>
        this.#copy(model, operation, shape.member.shape, entry, given),
      );
    }
    if (shape.type === "map") {
      const copy = Object.create(null) as Record<string, unknown>;
      for (const [key, entry] of Object.entries(value)) {
        copy[key] = this.#copy(model, operation, shape.value.shape, entry, given);
      }
      return copy;
    }
    if (shape.type !== "structure") return value;
    const copy = {};
    for (const [member, ref] of Object.entries(shape.members)) {
      const inner = (value as Record<string, unknown>)[member];
      if (inner === undefined || inner === null) continue;
      const name = `${model.name}.${operation}: ${shapeName}.${member}`;
      given.push(name);
      const innerCopy = this.#copy(model, operation, ref.shape, inner, given);
      Object.defineProperty(copy, member, {
        enumerable: true,
        configurable: true,
        get: () => {
          this.#read.add(name);
          return innerCopy;
        },
      });
    }
    return copy;
  }
}
