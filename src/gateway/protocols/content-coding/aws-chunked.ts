import { AwsError } from "../../../api/aws-error.ts";
import { asBuffer } from "../../../base/bytes.ts";
import type { Headers } from "../../../kernel/http.ts";
import { checksum, checksumAlgorithms } from "./checksum.ts";
import type { Checksum } from "./checksum.ts";

/**
 * `aws-chunked`: chunks `{hex size}[;chunk-signature={hex}]\r\n{data}\r\n`, ended by one of size 0, then trailers.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export interface AwsChunkedOptions {
  /** `x-amz-decoded-content-length`: the body must have exactly so many bytes. */
  readonly decodedLength?: number;
  /**
   * Called for every chunk of a signed body, the last (empty) one too, before its data goes on; throws to refuse it.
   * With it, chunks without a signature are refused and chunks are kept whole until they are verified.
   */
  readonly verifyChunk?: (signature: string, data: Uint8Array) => void;
  /** Called for signed trailers with their canonical text (`name:value\n` each); throws to refuse them. */
  readonly verifyTrailer?: (signature: string, canonical: string) => void;
  /** Names that `x-amz-trailer` announces; checksums among them are verified. */
  readonly trailers?: readonly string[];
  /** Called with the trailers, after all is verified. */
  readonly onTrailers?: (trailers: Headers) => void;
}

/** Of a signed chunk, which has to be kept whole. S3 has no such limit; its clients send 64 KiB to 1 MiB. */
export const maxSignedChunkBytes = 16 * 1024 * 1024;
const maxLineBytes = 8 * 1024;
const maxTrailers = 32;

/** Whether `x-amz-content-sha256` says that the body is `aws-chunked`, and what is signed of it. */
export function chunkedKind(headers: Headers): { readonly signed: boolean; readonly trailers: boolean } | undefined {
  const form = /^STREAMING-(UNSIGNED-PAYLOAD|AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)-PAYLOAD)(-TRAILER)?$/;
  const match = form.exec(headers["x-amz-content-sha256"] ?? "");
  if (match !== null) return { signed: match[1] !== "UNSIGNED-PAYLOAD", trailers: match[2] !== undefined };
  const coding = headers["content-encoding"] ?? "";
  return /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(coding)
    ? { signed: false, trailers: headers["x-amz-trailer"] !== undefined }
    : undefined;
}

/** `x-amz-trailer` and `x-amz-decoded-content-length`, as options. */
export function chunkedOptions(headers: Headers): Pick<AwsChunkedOptions, "decodedLength" | "trailers"> {
  const trailers = (headers["x-amz-trailer"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const length = headers["x-amz-decoded-content-length"];
  if (length === undefined) return { trailers };
  if (!/^\d{1,15}$/.test(length)) throw incomplete("x-amz-decoded-content-length is not a number of bytes");
  return { trailers, decodedLength: Number(length) };
}

/** The data of an `aws-chunked` body. Throws an AwsError (400) for what is not one, or not what it says it is. */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  options: AwsChunkedOptions,
): AsyncGenerator<Uint8Array> {
  const input = new ByteReader(body);
  const checksums = expectedChecksums(options.trailers ?? []);
  const { verifyChunk, decodedLength } = options;
  let total = 0;
  try {
    for (;;) {
      const { size, signature } = chunkHeader(await input.line());
      total += size;
      if (decodedLength !== undefined && total > decodedLength) throw incomplete("there is more data than announced");
      if (verifyChunk === undefined) {
        for (let left = size; left > 0;) {
          const piece = await input.some(left);
          left -= piece.byteLength;
          for (const each of checksums.values()) each.update(piece);
          yield piece;
        }
      } else {
        if (signature === undefined) throw signatureMissing();
        if (size > maxSignedChunkBytes) throw incomplete(`a chunk is larger than ${maxSignedChunkBytes} bytes`);
        const data = await input.exactly(size);
        verifyChunk(signature, data);
        for (const each of checksums.values()) each.update(data);
        if (size > 0) yield data;
      }
      if (size === 0) break;
      if ((await input.line()) !== "") throw incomplete("a chunk does not end where it should");
    }
    if (decodedLength !== undefined && total !== decodedLength) throw incomplete("there is less data than announced");
    await readTrailers(input, options, checksums);
  } finally {
    await input.close();
  }
}

function chunkHeader(line: string | undefined): { size: number; signature: string | undefined } {
  const match = /^([\da-fA-F]{1,10})(?:;chunk-signature=([\da-f]{64,144})\**)?$/.exec(line ?? "");
  if (match === null) throw incomplete("a chunk has no valid size");
  return { size: Number.parseInt(match[1]!, 16), signature: match[2] };
}

async function readTrailers(
  input: ByteReader,
  options: AwsChunkedOptions,
  checksums: ReadonlyMap<string, Checksum>,
): Promise<void> {
  const trailers: Record<string, string> = {};
  let signature: string | undefined;
  let canonical = "";
  for (let i = 0; ; i++) {
    // Some clients end the body right after the last chunk.
    const line = await input.line();
    if (line === undefined || line === "") break;
    if (i > maxTrailers) throw incomplete("there are too many trailers");
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "x-amz-trailer-signature") signature = value;
    else if (options.trailers?.includes(name) === true) {
      trailers[name] = value;
      canonical += `${name}:${value}\n`;
    } else {
      throw new AwsError({ code: "MalformedTrailerError", message: malformedTrailer, status: 400 });
    }
  }
  for (const name of options.trailers ?? []) {
    if (!Object.hasOwn(trailers, name)) {
      throw new AwsError({ code: "MalformedTrailerError", message: malformedTrailer, status: 400 });
    }
  }
  if (options.verifyTrailer !== undefined && canonical !== "") {
    if (signature === undefined) throw signatureMissing();
    options.verifyTrailer(signature, canonical);
  }
  for (const [name, each] of checksums) {
    if (trailers[name] !== undefined && trailers[name] !== each.digest()) throw badDigest(each.algorithm);
  }
  options.onTrailers?.(trailers);
}

const malformedTrailer =
  "The request contained trailing data that was not well-formed or did not conform to our published schema.";

function expectedChecksums(trailers: readonly string[]): Map<string, Checksum> {
  const checksums = new Map<string, Checksum>();
  for (const algorithm of checksumAlgorithms) {
    const name = `x-amz-checksum-${algorithm}`;
    if (trailers.includes(name)) checksums.set(name, checksum(algorithm));
  }
  return checksums;
}

/** The data is not what its checksum says. */
export function badDigest(algorithm: string): AwsError {
  const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
  return new AwsError({ code: "BadDigest", message, status: 400 });
}

function incomplete(why: string): AwsError {
  const message = `You did not provide the number of bytes specified by the Content-Length HTTP header: ${why}.`;
  return new AwsError({ code: "IncompleteBody", message, status: 400 });
}

function signatureMissing(): AwsError {
  return new AwsError({
    code: "SignatureDoesNotMatch",
    message: "A chunk of the request is not signed, although the request says that all are.",
    status: 403,
  });
}

/** Reads lines and counted bytes from a stream of chunks, holding no more than one line or one chunk of it. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A line without its CRLF; undefined at the end of the body. */
  async line(): Promise<string | undefined> {
    for (let from = 0; ;) {
      const end = this.#pending.indexOf("\r\n", from, "latin1");
      if (end > maxLineBytes || (end === -1 && this.#pending.byteLength > maxLineBytes))
        throw incomplete("a line is too long");
      if (end !== -1) {
        const line = this.#pending.toString("latin1", 0, end);
        this.#pending = this.#pending.subarray(end + 2);
        return line;
      }
      from = Math.max(0, this.#pending.byteLength - 1);
      const more = await this.#next();
      if (more === undefined) {
        if (this.#pending.byteLength === 0) return undefined;
        throw incomplete("the body ends in the middle of a line");
      }
      this.#pending = this.#pending.byteLength === 0 ? more : Buffer.concat([this.#pending, more]);
    }
  }

  /** At least one and at most so many bytes. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#pending.byteLength === 0) {
      const more = await this.#next();
      if (more === undefined) throw incomplete("the body ends in the middle of a chunk");
      this.#pending = more;
    }
    const piece = this.#pending.subarray(0, most);
    this.#pending = this.#pending.subarray(piece.byteLength);
    return piece;
  }

  async exactly(count: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let left = count; left > 0;) {
      const piece = await this.some(left);
      pieces.push(piece);
      left -= piece.byteLength;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #next(): Promise<Buffer | undefined> {
    const next = await this.#source.next();
    return next.done === true ? undefined : asBuffer(next.value);
  }
}
