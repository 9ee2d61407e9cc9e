import { expect } from "vitest";
import type { Ids } from "../../../src/base/ids.ts";

/** Somebody who uses the platform and remembers what it promised. */
export interface Actor {
  readonly name: string;
  /** One thing that it does. False when the connection was lost before the answer came. */
  step(chance: Ids): Promise<boolean>;
  /** Compares what is there with what was promised, and takes what is there as the new beginning. */
  verify(): Promise<void>;
}

/** How a call ended: with an answer, with a refusal of the platform, or in silence, and then nobody knows what it did. */
export type Ending<Output> =
  | { readonly kind: "acknowledged"; readonly output: Output }
  | { readonly kind: "refused"; readonly name: string }
  | { readonly kind: "unknown" };

interface ServiceException {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

const connectionLost = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ECONNABORTED"]);

/** Runs one call of an SDK client. Anything that is the platform's own failure fails the test. */
export async function attempt<Output>(call: Promise<Output>): Promise<Ending<Output>> {
  try {
    return { kind: "acknowledged", output: await call };
  } catch (error) {
    const { name, message, code, $metadata } = error as Partial<ServiceException> & { code?: string };
    if (code !== undefined && connectionLost.has(code)) return { kind: "unknown" };
    const status = $metadata?.httpStatusCode ?? 500;
    if (status >= 500) throw error;
    return { kind: "refused", name: `${name}: ${message}` };
  }
}

/** A call that there is no reason to refuse. False when nobody knows what became of it. */
export async function acknowledged(call: Promise<unknown>): Promise<boolean> {
  const ending = await attempt(call);
  if (ending.kind === "refused") throw new Error(`refused without a reason: ${ending.name}`);
  return ending.kind === "acknowledged";
}

/** What a thing may be: one value, or also another while nobody knows whether a change was made. */
export class Possible<Value> {
  readonly #what: string;
  #values: readonly [Value, ...Value[]];

  constructor(what: string, value: Value) {
    this.#what = what;
    this.#values = [value];
  }

  get certain(): Value {
    if (this.#values.length > 1) throw new Error(`${this.#what} is uncertain`);
    return this.#values[0];
  }

  /** Runs a call that makes it `next`. */
  async become(next: Value, call: () => Promise<unknown>): Promise<boolean> {
    this.expect(next);
    const known = await acknowledged(call());
    if (known) this.settle(next);
    return known;
  }

  expect(next: Value): void {
    this.#values = [...this.#values, next];
  }

  settle(value: Value): void {
    this.#values = [value];
  }

  observe(actual: Value): void {
    expect(this.#values, `${this.#what} is not what it may be`).toContainEqual(actual);
    this.#values = [actual];
  }
}

export function below(chance: Ids, limit: number): number {
  return Math.floor(chance.fraction() * limit);
}

export function pick<Choice>(chance: Ids, choices: readonly Choice[]): Choice {
  return choices[below(chance, choices.length)]!;
}
