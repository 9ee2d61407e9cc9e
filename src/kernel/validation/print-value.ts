import type { ServiceModel } from "../../api/model.ts";
import { memberName } from "./member-name.ts";
import { isMissing } from "./is-missing.ts";

/** Longest value that an error repeats, in characters. AWS repeats all of it; we bound what a request makes us send back. */
const longestValue = 16_384;

/** A value as AWS's Java prints it: `[a, b]`, `{key=value}`, `KeySchemaElement(attributeName=id, keyType=HASH)`. */
export function printValue(model: ServiceModel, shape: string, value: unknown): string {
  const text = new Printer(model).text(shape, value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}

class Printer {
  readonly #model: ServiceModel;
  #room = longestValue;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  text(name: string, value: unknown): string {
    const shape = this.#model.shapes[name];
    if (isMissing(value) || !shape || this.#room <= 0) return this.#spend("null");
    if ("sensitive" in shape && shape.sensitive) return this.#spend("***Sensitive Data Redacted***");
    switch (shape.type) {
      case "structure": {
        const fields = value as Readonly<Record<string, unknown>>;
        const members = Object.entries(shape.members).map(
          ([member, ref]) => `${memberName(member)}=${this.text(ref.shape, fields[member])}`,
        );
        return `${name}(${members.join(", ")})`;
      }
      case "list":
        return `[${this.#each(value as readonly unknown[], (entry) => this.text(shape.member.shape, entry))}]`;
      case "map": {
        const map = value as Readonly<Record<string, unknown>>;
        return `{${this.#each(Object.keys(map), (key) => `${this.#spend(key)}=${this.text(shape.value.shape, map[key])}`)}}`;
      }
      case "blob": {
        if (!(value instanceof Uint8Array)) return this.#spend("null");
        const { byteLength } = value;
        return this.#spend(`java.nio.HeapByteBuffer[pos=0 lim=${byteLength} cap=${byteLength}]`);
      }
      case "timestamp":
        return this.#spend(
          value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : "Invalid Date",
        );
      case "float":
      case "double":
        return this.#spend(printNumber(value as number, true));
      default:
        return this.#spend(`${value as string | number | boolean}`);
    }
  }

  #each<T>(entries: readonly T[], print: (entry: T) => string): string {
    const texts: string[] = [];
    for (const entry of entries) {
      if (this.#room <= 0) break;
      texts.push(print(entry));
    }
    return texts.join(", ");
  }

  #spend(text: string): string {
    this.#room -= text.length + 2;
    return text;
  }
}

/** Java prints whole floating-point numbers with `.0`. */
export function printNumber(value: number, floating: boolean): string {
  return floating && Number.isInteger(value) ? value.toFixed(1) : String(value);
}
