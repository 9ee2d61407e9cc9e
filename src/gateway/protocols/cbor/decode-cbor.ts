import { asBuffer, concatBytes, decodeUtf8 } from "../../../base/bytes.ts";
import { Dictionary } from "../dictionary.ts";
import { serializationException } from "../refusals.ts";

/** Makes the date of a timestamp (tag 1), or undefined when it is out of range. */
export type CborDate = (time: number) => Date | undefined;

/** What ends an item of indefinite length. */
const breakCode = Symbol("break");

/**
 * The value of a CBOR item (RFC 8949): maps become dictionaries, byte strings Uint8Arrays, integers beyond the safe
 * ones bigints, `undefined` null, timestamps Dates. Lengths are checked against what is left, so that nothing is
 * allocated for bytes that are not there.
 * @throws {AwsError} SerializationException
 */
export function decodeCbor(bytes: Uint8Array, depth: number, date: CborDate): unknown {
  const reader = new CborReader(bytes, date);
  const value = reader.item(depth);
  if (value === breakCode) throw malformed("a break stands outside of an item");
  if (!reader.atEnd) throw malformed("bytes follow its end");
  return value;
}

class CborReader {
  readonly #bytes: Buffer;
  readonly #date: CborDate;
  #at = 0;

  constructor(bytes: Uint8Array, date: CborDate) {
    this.#bytes = asBuffer(bytes);
    this.#date = date;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  item(depth: number): unknown {
    if (depth <= 0) throw malformed("it is nested too deeply");
    const initial = this.#bytes[this.#take(1)]!;
    const major = initial >> 5;
    const info = initial & 31;
    switch (major) {
      case 0:
        return this.#argument(info);
      case 1: {
        const argument = this.#argument(info);
        return typeof argument === "bigint" ? -1n - argument : -1 - argument;
      }
      case 2:
        return info === 31 ? concatBytes(this.#chunks(2)) : this.#byteString(info);
      case 3:
        return this.#text(info === 31 ? concatBytes(this.#chunks(3)) : this.#byteString(info));
      case 4:
        return this.#array(info, depth);
      case 5:
        return this.#map(info, depth);
      case 6:
        return this.#tagged(info, depth);
      default:
        return this.#simple(info);
    }
  }

  /** Moves on; the position before. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.byteLength - start) throw malformed("it ends too early");
    this.#at = start + length;
    return start;
  }

  #argument(info: number): number | bigint {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#bytes[this.#take(1)]!;
      case 25:
        return this.#bytes.readUInt16BE(this.#take(2));
      case 26:
        return this.#bytes.readUInt32BE(this.#take(4));
      case 27: {
        const value = this.#bytes.readBigUInt64BE(this.#take(8));
        return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
      }
      default:
        throw malformed("an argument is reserved");
    }
  }

  /** A count of elements or bytes that can be there: each needs a byte at least. */
  #length(info: number): number {
    const length = this.#argument(info);
    if (typeof length === "bigint" || length > this.#bytes.byteLength - this.#at) throw malformed("it ends too early");
    return length;
  }

  #byteString(info: number): Uint8Array {
    const length = this.#length(info);
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #text(bytes: Uint8Array): string {
    const text = decodeUtf8(bytes);
    if (text === undefined) throw malformed("a text is not valid UTF-8");
    return text;
  }

  /** The parts of a string of indefinite length: strings of definite length and the same kind. */
  #chunks(major: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const initial = this.#bytes[this.#take(1)]!;
      if (initial === 0xff) return chunks;
      if (initial >> 5 !== major || (initial & 31) === 31)
        throw malformed("a chunk is of another kind than its string");
      const chunk = this.#byteString(initial & 31);
      if (major === 3) this.#text(chunk);
      chunks.push(chunk);
    }
  }

  #array(info: number, depth: number): unknown[] {
    const array: unknown[] = [];
    const length = info === 31 ? Infinity : this.#length(info);
    for (let i = 0; i < length; i++) {
      const value = this.item(depth - 1);
      if (value === breakCode) {
        if (info === 31) return array;
        throw malformed("a break stands outside of an item");
      }
      array.push(value);
    }
    return array;
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const map = new Dictionary();
    const length = info === 31 ? Infinity : this.#length(info);
    for (let i = 0; i < length; i++) {
      const key = this.item(depth - 1);
      if (key === breakCode && info === 31) return map;
      if (typeof key !== "string") throw malformed("a key is no text");
      const value = this.item(depth - 1);
      if (value === breakCode) throw malformed("a key has no value");
      map[key] = value;
    }
    return map;
  }

  #tagged(info: number, depth: number): unknown {
    const tag = this.#argument(info);
    const value = this.item(depth - 1);
    if (value === breakCode) throw malformed("a tag has no value");
    // Other tags say how to understand a value that the model gives a type of its own.
    if (tag !== 1) return value;
    const date = typeof value === "number" || typeof value === "bigint" ? this.#date(Number(value)) : undefined;
    if (date === undefined) throw malformed("a timestamp is not valid");
    return date;
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return halfFloat(this.#bytes.readUInt16BE(this.#take(2)));
      case 26:
        return this.#bytes.readFloatBE(this.#take(4));
      case 27:
        return this.#bytes.readDoubleBE(this.#take(8));
      case 31:
        return breakCode;
      default:
        throw malformed("a simple value is not known");
    }
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function malformed(why: string): Error {
  return serializationException(`The CBOR is malformed: ${why}`);
}
