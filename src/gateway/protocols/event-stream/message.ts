import { crc32 } from "node:zlib";
import { asBuffer, concatBytes, decodeUtf8, utf8 } from "../../../base/bytes.ts";
import { serializationException } from "../refusals.ts";

/**
 * Messages of `application/vnd.amazon.eventstream`: prelude (lengths and their CRC), headers, payload, CRC.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export interface EventMessage {
  readonly headers: ReadonlyMap<string, HeaderValue>;
  readonly payload: Uint8Array;
}

export type HeaderValue =
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "byte" | "short" | "integer"; readonly value: number }
  | { readonly type: "long"; readonly value: bigint }
  | { readonly type: "bytes"; readonly value: Uint8Array }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "timestamp"; readonly value: Date }
  | { readonly type: "uuid"; readonly value: string };

/** The format's own bounds: 16 MiB for a message's payload, 128 KiB for its headers. */
export const maxPayloadBytes = 16 * 1024 * 1024;
export const maxHeaderBytes = 128 * 1024;

const overheadBytes = 16;
const preludeBytes = 12;
const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;

/** The bytes of a message. Throws RangeError for what the format cannot hold. */
export function encodeMessage(
  headers: Iterable<readonly [name: string, value: HeaderValue]>,
  payload: Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let headerBytes = 0;
  for (const [name, value] of headers) {
    const encoded = encodeHeader(name, value);
    parts.push(encoded);
    headerBytes += encoded.byteLength;
  }
  if (headerBytes > maxHeaderBytes) throw new RangeError("event stream headers are larger than 128 KiB");
  if (payload.byteLength > maxPayloadBytes) throw new RangeError("an event stream payload is larger than 16 MiB");
  const total = headerBytes + payload.byteLength + overheadBytes;
  const message = Buffer.allocUnsafe(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(headerBytes, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  let at = 12;
  for (const part of parts) {
    message.set(part, at);
    at += part.byteLength;
  }
  message.set(payload, at);
  message.writeUInt32BE(crc32(message.subarray(0, total - 4)), total - 4);
  return message;
}

function encodeHeader(name: string, header: HeaderValue): Uint8Array {
  const nameBytes = utf8(name);
  if (nameBytes.byteLength === 0 || nameBytes.byteLength > 255)
    throw new RangeError("a header name has 1 to 255 bytes");
  const value = encodeHeaderValue(header);
  return Buffer.concat([Buffer.from([nameBytes.byteLength]), nameBytes, value]);
}

function encodeHeaderValue(header: HeaderValue): Buffer {
  switch (header.type) {
    case "boolean":
      return Buffer.from([header.value ? 0 : 1]);
    case "byte": {
      const bytes = Buffer.from([2, 0]);
      bytes.writeInt8(header.value, 1);
      return bytes;
    }
    case "short": {
      const bytes = Buffer.from([3, 0, 0]);
      bytes.writeInt16BE(header.value, 1);
      return bytes;
    }
    case "integer": {
      const bytes = Buffer.from([4, 0, 0, 0, 0]);
      bytes.writeInt32BE(header.value, 1);
      return bytes;
    }
    case "long":
    case "timestamp": {
      const value = header.type === "long" ? header.value : BigInt(header.value.getTime());
      if (value < minLong || value > maxLong) throw new RangeError("a long header is out of range");
      const bytes = Buffer.alloc(9);
      bytes[0] = header.type === "long" ? 5 : 8;
      bytes.writeBigInt64BE(value, 1);
      return bytes;
    }
    case "bytes":
    case "string": {
      const value = header.type === "bytes" ? header.value : utf8(header.value);
      if (value.byteLength > 32_767) throw new RangeError("a header value is larger than 32767 bytes");
      const bytes = Buffer.alloc(3 + value.byteLength);
      bytes[0] = header.type === "bytes" ? 6 : 7;
      bytes.writeUInt16BE(value.byteLength, 1);
      bytes.set(value, 3);
      return bytes;
    }
    case "uuid":
      return Buffer.concat([Buffer.from([9]), Buffer.from(header.value.replaceAll("-", ""), "hex")]);
  }
}

/** The messages in a stream of bytes. Throws an AwsError (400) for what is not one. */
export async function* decodeMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EventMessage> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let wanted = preludeBytes;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.byteLength;
    // Parts are joined only when a message is whole: joining at every chunk would be quadratic for large ones.
    while (size >= wanted) {
      const pending = asBuffer(concatBytes(parts));
      const total = messageLength(pending);
      if (size >= total) {
        yield decodeMessage(pending.subarray(0, total));
        parts = [pending.subarray(total)];
        size -= total;
        wanted = preludeBytes;
      } else {
        parts = [pending];
        wanted = total;
      }
    }
  }
  if (size > 0) throw malformed("it ends in the middle of a message");
}

/** The length that a prelude announces, when its checksum is right and it is within bounds. */
function messageLength(bytes: Buffer): number {
  const total = bytes.readUInt32BE(0);
  const headerBytes = bytes.readUInt32BE(4);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw malformed("the prelude's checksum does not match");
  if (headerBytes > maxHeaderBytes) throw malformed("the headers are larger than 128 KiB");
  if (total < headerBytes + overheadBytes || total - headerBytes - overheadBytes > maxPayloadBytes) {
    throw malformed("the message's length is not valid");
  }
  return total;
}

/** One whole message. Throws an AwsError (400) for bytes that are not one. */
export function decodeMessage(bytes: Uint8Array): EventMessage {
  const message = asBuffer(bytes);
  if (message.byteLength < overheadBytes || messageLength(message) !== message.byteLength) {
    throw malformed("the message's length is not valid");
  }
  const end = message.byteLength - 4;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) {
    throw malformed("the message's checksum does not match");
  }
  const headersEnd = 12 + message.readUInt32BE(4);
  return { headers: decodeHeaders(message.subarray(12, headersEnd)), payload: message.subarray(headersEnd, end) };
}

const fixedLengths: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

function decodeHeaders(bytes: Buffer): Map<string, HeaderValue> {
  const headers = new Map<string, HeaderValue>();
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.byteLength) throw malformed("a header ends too early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.byteLength) {
    const name = decodeUtf8(take(take(1)[0]!));
    const type = take(1)[0]!;
    const fixed = fixedLengths[type];
    if (name === undefined || name === "") throw malformed("a header's name is not valid");
    if (fixed === undefined) throw malformed("a header's type is not known");
    if (headers.has(name)) throw malformed("a header comes twice");
    const value = take(fixed === -1 ? take(2).readUInt16BE(0) : fixed);
    headers.set(name, headerValue(type, value));
  }
  return headers;
}

function headerValue(type: number, bytes: Buffer): HeaderValue {
  switch (type) {
    case 0:
    case 1:
      return { type: "boolean", value: type === 0 };
    case 2:
      return { type: "byte", value: bytes.readInt8(0) };
    case 3:
      return { type: "short", value: bytes.readInt16BE(0) };
    case 4:
      return { type: "integer", value: bytes.readInt32BE(0) };
    case 5:
      return { type: "long", value: bytes.readBigInt64BE(0) };
    case 6:
      return { type: "bytes", value: bytes };
    case 7: {
      const text = decodeUtf8(bytes);
      if (text === undefined) throw malformed("a header is not valid UTF-8");
      return { type: "string", value: text };
    }
    case 8: {
      const date = new Date(Number(bytes.readBigInt64BE(0)));
      if (Number.isNaN(date.getTime())) throw malformed("a header's timestamp is out of range");
      return { type: "timestamp", value: date };
    }
    default: {
      const hex = bytes.toString("hex");
      const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
      return { type: "uuid", value: parts.join("-") };
    }
  }
}

export function malformed(why: string): Error {
  return serializationException(`The event stream is malformed: ${why}`);
}
