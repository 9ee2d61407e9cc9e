import { asBuffer } from "../../../base/bytes.ts";

/** A number that is written as a float although it is whole. */
export class CborDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A timestamp (tag 1), in the unit that the protocol counts in. */
export class CborTime {
  readonly time: number;
  constructor(time: number) {
    this.time = time;
  }
}

/**
 * The CBOR of a tree of objects, arrays, texts, numbers, booleans, null, Uint8Arrays, CborDoubles and CborTimes.
 * Undefined members are left out.
 */
export function encodeCbor(value: unknown): Uint8Array {
  const writer = new CborWriter();
  writer.item(value);
  return writer.bytes();
}

class CborWriter {
  #buffer = Buffer.allocUnsafe(512);
  #at = 0;

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  item(value: unknown): void {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? this.#integer(value) : this.#double(value);
      case "boolean":
        return this.#byte(value ? 0xf5 : 0xf4);
      case "bigint":
        return this.#big(value);
      case "object":
        return this.#object(value);
      default:
        return this.#byte(0xf6);
    }
  }

  #object(value: object | null): void {
    if (value === null) return this.#byte(0xf6);
    if (Array.isArray(value)) {
      this.#head(4, value.length);
      for (const element of value) this.item(element);
    } else if (value instanceof Uint8Array) {
      this.#head(2, value.byteLength);
      this.#room(value.byteLength);
      this.#buffer.set(value, this.#at);
      this.#at += value.byteLength;
    } else if (value instanceof CborTime) {
      this.#byte(0xc1);
      this.item(value.time);
    } else if (value instanceof CborDouble) {
      this.#double(value.value);
    } else {
      const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
      this.#head(5, entries.length);
      for (const [key, inner] of entries) {
        this.#text(key);
        this.item(inner);
      }
    }
  }

  #room(length: number): void {
    if (this.#at + length <= this.#buffer.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.byteLength * 2, this.#at + length));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = byte;
  }

  #head(major: number, argument: number): void {
    this.#room(9);
    const high = major << 5;
    if (argument < 24) {
      this.#buffer[this.#at++] = high | argument;
    } else if (argument < 0x100) {
      this.#buffer[this.#at++] = high | 24;
      this.#buffer[this.#at++] = argument;
    } else if (argument < 0x1_0000) {
      this.#buffer[this.#at++] = high | 25;
      this.#at = this.#buffer.writeUInt16BE(argument, this.#at);
    } else if (argument < 0x1_0000_0000) {
      this.#buffer[this.#at++] = high | 26;
      this.#at = this.#buffer.writeUInt32BE(argument, this.#at);
    } else {
      this.#buffer[this.#at++] = high | 27;
      this.#at = this.#buffer.writeBigUInt64BE(BigInt(argument), this.#at);
    }
  }

  #integer(value: number): void {
    if (value >= 0) this.#head(0, value);
    else this.#head(1, -1 - value);
  }

  #big(value: bigint): void {
    this.#byte(value >= 0n ? 0x1b : 0x3b);
    this.#room(8);
    this.#at = this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, value >= 0n ? value : -1n - value), this.#at);
  }

  #double(value: number): void {
    this.#room(9);
    if (Object.is(Math.fround(value), value)) {
      this.#buffer[this.#at++] = 0xfa;
      this.#at = this.#buffer.writeFloatBE(value, this.#at);
    } else {
      this.#buffer[this.#at++] = 0xfb;
      this.#at = this.#buffer.writeDoubleBE(value, this.#at);
    }
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text, "utf8");
    this.#head(3, length);
    this.#room(length);
    this.#at += asBuffer(this.#buffer).write(text, this.#at, "utf8");
  }
}
