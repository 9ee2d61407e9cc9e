import { createHash, randomBytes, randomFillSync, randomUUID } from "node:crypto";

const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Where all chance comes from: identifiers, tokens, secrets, jitter. */
export class Ids {
  readonly #source: (size: number) => Uint8Array;
  readonly #uuid: (() => string) | undefined;

  /** `uuid` may be given where the source has a faster way to them. */
  constructor(source: (size: number) => Uint8Array, uuid?: () => string) {
    this.#source = source;
    this.#uuid = uuid;
  }

  /** `size` random bytes. */
  bytes(size: number): Uint8Array {
    return this.#source(size);
  }

  /** A version 4 UUID in lower case. */
  uuid(): string {
    if (this.#uuid) return this.#uuid();
    const bytes = this.#source(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string {
    return Buffer.from(this.#source(Math.ceil(length / 2)))
      .toString("hex")
      .slice(0, length);
  }

  /** `length` characters of a-z and 0-9, as in REST API ids. */
  alphanumeric(length: number): string {
    return this.#pick(lowerAlphanumeric, length);
  }

  /** `length` characters of A-Z and 2-7, as in access key ids and IAM unique ids. */
  base32(length: number): string {
    return this.#pick(base32, length);
  }

  /** A number in [0, 1). */
  fraction(): number {
    const bytes = this.#source(4);
    return (((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0) / 2 ** 32;
  }

  #pick(alphabet: string, length: number): string {
    let text = "";
    // Bytes past the last whole multiple of the alphabet are dropped, so that every character is equally likely.
    const limit = 256 - (256 % alphabet.length);
    while (text.length < length) {
      for (const byte of this.#source(length - text.length)) {
        if (byte < limit) text += alphabet[byte % alphabet.length];
      }
    }
    return text;
  }
}

/** Ids from the machine's cryptographic source, drawn in blocks because one draw per id costs more than the id. */
export function randomIds(): Ids {
  const block = Buffer.alloc(4096);
  let used = block.length;
  return new Ids((size) => {
    if (size > 256) return randomBytes(size);
    if (used + size > block.length) {
      randomFillSync(block);
      used = 0;
    }
    const bytes = Uint8Array.prototype.slice.call(block, used, used + size);
    block.fill(0, used, used + size);
    used += size;
    return bytes;
  }, randomUUID);
}

/** Ids that repeat for a seed, for tests and simulations only. */
export function seededIds(seed: string): Ids {
  let counter = 0;
  return new Ids((size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 32) {
      bytes.set(
        createHash("sha256")
          .update(`${seed}:${counter++}`)
          .digest()
          .subarray(0, Math.min(32, size - at)),
        at,
      );
    }
    return bytes;
  });
}
