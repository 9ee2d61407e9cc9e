import { asBuffer } from "../base/bytes.ts";

/** The longest line that is kept whole: CloudWatch Logs' limit of one event. Longer ones are cut into several. */
export const maxLineBytes = 262_144;
const frameHeadBytes = 16;
const newline = 0x0a;

/**
 * Cuts a function's output into log lines. Plain output ends a line at each line feed. A framed record (type 0xa55a00xx,
 * length, time, message) is one line whatever it holds, as a stack trace is one event on AWS.
 */
export class LogLines {
  readonly #onLine: (line: string) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(bytes: Uint8Array): void {
    // The caller may use its buffer again, so what is kept is a copy.
    let data = this.#rest.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#rest, bytes]);
    while (data.length > 0) {
      const taken = this.#take(data);
      if (taken === 0) break;
      data = data.subarray(taken);
    }
    this.#rest = Buffer.from(data);
  }

  /** Hands over what is left without a line end. */
  end(): void {
    if (this.#rest.length > 0) this.#emit(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  /** Hands over the first line, if it is whole, and answers how many bytes it took. */
  #take(data: Buffer): number {
    if (isFrameStart(data, 0)) {
      if (data.length < frameHeadBytes) return 0;
      const size = data.readUInt32BE(4);
      const end = frameHeadBytes + size;
      if (data.length < end) {
        // A frame larger than a line may be is handed over in pieces, so that nothing unbounded is held.
        if (data.length < frameHeadBytes + maxLineBytes) return 0;
        return this.#splitFrame(data, size);
      }
      const trimmed = size > 0 && data[end - 1] === newline ? end - 1 : end;
      this.#emit(data.subarray(frameHeadBytes, trimmed));
      return end;
    }
    const feed = data.indexOf(newline);
    const frame = findFrame(data, feed < 0 ? data.length : feed);
    // A record that starts in the middle of an unfinished line ends that line.
    if (frame > 0) {
      this.#emit(data.subarray(0, frame));
      return frame;
    }
    if (feed < 0) {
      if (data.length <= maxLineBytes) return 0;
      const cut = wholeCharacters(data, maxLineBytes);
      this.#emit(data.subarray(0, cut));
      return cut;
    }
    this.#emit(data.subarray(0, data[feed - 1] === 0x0d ? feed - 1 : feed));
    return feed + 1;
  }

  #splitFrame(data: Buffer, size: number): number {
    const cut = wholeCharacters(data.subarray(frameHeadBytes), maxLineBytes);
    this.#emit(data.subarray(frameHeadBytes, frameHeadBytes + cut));
    // The head moves up to stand before the rest of its message.
    data.copy(data, cut, 0, frameHeadBytes);
    data.writeUInt32BE(size - cut, cut + 4);
    return cut;
  }

  #emit(line: Buffer): void {
    if (line.length <= maxLineBytes) return this.#onLine(line.toString());
    for (let at = 0; at < line.length;) {
      const size = wholeCharacters(line.subarray(at), maxLineBytes);
      this.#onLine(line.toString("utf8", at, at + size));
      at += size;
    }
  }
}

function isFrameStart(data: Buffer, at: number): boolean {
  return data[at] === 0xa5 && data[at + 1] === 0x5a && data[at + 2] === 0x00;
}

function findFrame(data: Buffer, end: number): number {
  const line = data.subarray(0, end);
  for (let at = line.indexOf(0xa5); at >= 0; at = line.indexOf(0xa5, at + 1)) {
    if (isFrameStart(data, at)) return at;
  }
  return -1;
}

/** The size, at most `limit`, at which no UTF-8 character is cut in two. */
function wholeCharacters(data: Buffer, limit: number): number {
  if (data.length <= limit) return data.length;
  let size = limit;
  while (size > limit - 4 && (data[size]! & 0xc0) === 0x80) size--;
  return size;
}
