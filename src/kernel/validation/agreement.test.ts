import { describe, expect, it } from "vitest";
import { catalogue } from "../../api/catalogue.ts";
import { ModelLibrary } from "../../api/load-model.ts";
import type { ServiceModel } from "../../api/model.ts";
import { compileValidator } from "./compile-validator.ts";
import { compileCheck } from "./fast-check.ts";
import { findViolations } from "./violations.ts";

const seed = 20_261_120;

/** A small generator of chance that a seed repeats (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A value of the shape's type that often, but not always, keeps its constraints. */
function valueOf(model: ServiceModel, name: string, chance: () => number, depth: number): unknown {
  const shape = model.shapes[name]!;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
  const entries = (): number[] => Array.from({ length: Math.floor(chance() * 3) }, (_, i) => i);
  switch (shape.type) {
    case "structure": {
      const value: Record<string, unknown> = {};
      for (const [member, ref] of Object.entries(shape.members)) {
        const wanted = shape.required?.includes(member) ? 0.95 : depth > 4 ? 0 : 0.3;
        if (chance() < wanted && depth < 8) value[member] = valueOf(model, ref.shape, chance, depth + 1);
        else if (chance() < 0.05) value[member] = null;
      }
      return value;
    }
    case "list":
      // Entries are never null: decoders see to that.
      return entries().map(() => valueOf(model, shape.member.shape, chance, depth + 1));
    case "map":
      return Object.fromEntries(
        entries().map((i) => [
          `${String(valueOf(model, shape.key.shape, chance, depth + 1))}${i || ""}`,
          valueOf(model, shape.value.shape, chance, depth + 1),
        ]),
      );
    case "string":
    case "character":
      if (shape.enum && chance() < 0.9) return pick(shape.enum);
      return pick([
        "",
        "a",
        "abc",
        "my-name",
        "arn:aws:iam::000000000000:role/r",
        "a b",
        "x".repeat(shape.max ?? 20),
        "é😀\n",
      ]);
    case "blob":
      return new Uint8Array(Math.floor(chance() * 40));
    case "boolean":
      return chance() < 0.5;
    case "timestamp":
      return new Date(Math.floor(chance() * 2e12));
    default:
      return pick([shape.min ?? 0, shape.max ?? 1, (shape.min ?? 0) - 1, (shape.max ?? 1) + 1, 5, 0.5, Number.NaN]);
  }
}

describe(`for random input (seed ${seed})`, () => {
  it.each(catalogue.map(({ name }) => name))(
    "the fast check of %s refuses just what has something to report",
    async (name) => {
      const model = await new ModelLibrary().load(name);
      const chance = chanceFrom(seed);
      const disagreements: unknown[] = [];
      let good = 0;
      let bad = 0;
      for (const operation of Object.values(model.operations)) {
        if (!operation.input) continue;
        const { shape } = operation.input;
        const skips = (): boolean => false;
        const check = compileCheck(model, shape, skips);
        const validate = compileValidator(model, operation.name);
        for (let i = 0; i < 12; i++) {
          const input = valueOf(model, shape, chance, 0);
          const passes = check?.(input) ?? true;
          const violations = findViolations(shape, input, { model, skips, entriesNotNull: false });
          if (passes !== (violations.length === 0))
            disagreements.push({ operation: operation.name, input, violations });
          if (passes) good++;
          else bad++;
          try {
            validate(input);
          } catch (error) {
            expect(error).toMatchObject({ status: 400 });
          }
        }
      }
      expect(disagreements.slice(0, 3)).toEqual([]);
      expect(good + bad).toBeGreaterThan(0);
    },
  );
});
