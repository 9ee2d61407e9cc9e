import type { Key, KeyPart } from "./records.ts";

/**
 * Keys as bytes whose unsigned order is the order of the tuples. Each part is a type byte and a body: strings and bytes
 * are ended by 0x00 with 0x00 inside written as 0x00 0xFF, numbers are big-endian doubles with the sign turned over.
 */
const typeFalse = 0x02;
const typeTrue = 0x03;
const typeNumber = 0x10;
const typeString = 0x20;
const typeBytes = 0x30;
/** Greater than every type byte and than the escape's second byte, so it ends the range of all keys that extend a key. */
const pastAll = 0xff;

/** Longest key the store takes. */
export const maxKeyBytes = 8 * 1024;

/** The key that `prefix` (already encoded) followed by `parts` makes. */
export function encodeKey(prefix: Uint8Array, parts: Key, end: "exact" | "past" = "exact"): Buffer {
  let size = prefix.length + (end === "past" ? 1 : 0);
  for (const part of parts) size += maxPartBytes(part);
  const buffer = Buffer.allocUnsafe(size);
  buffer.set(prefix, 0);
  let at = prefix.length;
  for (const part of parts) at = writePart(buffer, at, part);
  if (end === "past") buffer[at++] = pastAll;
  if (at > maxKeyBytes)
    throw new RangeError(`A key of ${at} bytes is longer than the ${maxKeyBytes} bytes that the store takes.`);
  return at === size ? buffer : buffer.subarray(0, at);
}

function maxPartBytes(part: KeyPart): number {
  switch (typeof part) {
    case "string":
      // Zeros are written as two bytes, in the room that three for each UTF-16 unit leave.
      return part.length * 3 + 2;
    case "number":
      return 9;
    case "boolean":
      return 1;
    default:
      return part.length * 2 + 2;
  }
}

function writePart(buffer: Buffer, start: number, part: KeyPart): number {
  let at = start;
  switch (typeof part) {
    case "string":
      return writeString(buffer, at, part);
    case "number": {
      if (Number.isNaN(part)) throw new RangeError("NaN cannot be part of a key.");
      buffer[at++] = typeNumber;
      // Adding zero turns -0 into 0, which would otherwise order apart from it.
      buffer.writeDoubleBE(part + 0, at);
      if (buffer[at]! & 0x80) for (let i = at; i < at + 8; i++) buffer[i] = ~buffer[i]!;
      else buffer[at]! |= 0x80;
      return at + 8;
    }
    case "boolean":
      buffer[at++] = part ? typeTrue : typeFalse;
      return at;
    default:
      buffer[at++] = typeBytes;
      return writeEscaped(buffer, at, part);
  }
}

/** Names and ids are short and ASCII: those are copied here, because calling out for them costs more. */
const copiedLength = 64;

function writeString(buffer: Buffer, start: number, text: string): number {
  let at = start;
  buffer[at++] = typeString;
  const { length } = text;
  let copied = 0;
  if (length <= copiedLength) {
    for (; copied < length; copied++) {
      const code = text.charCodeAt(copied);
      if (code === 0 || code > 0x7f) break;
      buffer[at++] = code;
    }
  }
  if (copied < length) {
    at = start + 1;
    if (text.includes("\0")) return writeEscaped(buffer, at, Buffer.from(text, "utf8"));
    at += buffer.write(text, at, "utf8");
  }
  buffer[at++] = 0;
  return at;
}

function writeEscaped(buffer: Buffer, start: number, bytes: Uint8Array): number {
  let at = start;
  for (const byte of bytes) {
    buffer[at++] = byte;
    if (byte === 0) buffer[at++] = 0xff;
  }
  buffer[at++] = 0;
  return at;
}

/** The parts of a key after its first `skip` bytes. */
export function decodeKey(key: Uint8Array, skip = 0): KeyPart[] {
  const buffer = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  const parts: KeyPart[] = [];
  let at = skip;
  while (at < buffer.length) {
    const type = buffer[at++];
    if (type === typeFalse || type === typeTrue) parts.push(type === typeTrue);
    else if (type === typeNumber) {
      const body = Buffer.from(buffer.subarray(at, at + 8));
      if (body[0]! & 0x80) body[0]! &= 0x7f;
      else for (let i = 0; i < 8; i++) body[i] = ~body[i]!;
      parts.push(body.readDoubleBE(0));
      at += 8;
    } else if (type === typeString || type === typeBytes) {
      const body: number[] = [];
      for (;;) {
        const byte = buffer[at++];
        if (byte === undefined) throw new RangeError("This is no key: it ends inside a part.");
        if (byte === 0) {
          if (buffer[at] !== 0xff) break;
          at++;
        }
        body.push(byte);
      }
      parts.push(type === typeString ? Buffer.from(body).toString("utf8") : Uint8Array.from(body));
    } else throw new RangeError(`This is no key: it has a part of type ${type}.`);
  }
  return parts;
}
