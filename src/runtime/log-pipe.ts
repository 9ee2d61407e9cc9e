import { execFile } from "node:child_process";
import { closeSync, constants, openSync, readSync, unlinkSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Ids } from "../base/ids.ts";
import { LogLines } from "./log-lines.ts";

const batchSize = 16;
const chunkBytes = 65_536;
const chunk = Buffer.allocUnsafe(chunkBytes);

/**
 * Makes the pipes that functions write their logs to. Node.js gives children sockets, not pipes, and `/dev/stderr` cannot
 * be opened when it is a socket; so these are FIFOs, made some at a time because each making costs a process.
 */
export class LogPipes {
  readonly #folder: string;
  readonly #ids: Ids;
  #ready: string[] = [];
  #making: Promise<void> | undefined;

  constructor(folder: string, ids: Ids) {
    this.#folder = folder;
    this.#ids = ids;
  }

  async open(onLine: (line: string) => void): Promise<LogPipe> {
    while (this.#ready.length === 0) {
      this.#making ??= this.#make().finally(() => (this.#making = undefined));
      await this.#making;
    }
    return new LogPipe(this.#ready.pop()!, onLine);
  }

  async #make(): Promise<void> {
    const paths = Array.from({ length: batchSize }, () => join(this.#folder, `log-${this.#ids.hex(16)}`));
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
    this.#ready.push(...paths);
  }
}

/**
 * One pipe for stdout, stderr and framed log records, so that their order is kept. What a process wrote before it
 * answered over the Runtime API is in the pipe by then: `drain` reads it at once, and no line is late or lost.
 */
export class LogPipe {
  /** Descriptors for the child: stdout, stderr, framed records. Each is a file description of its own, so that one can be made non-blocking without the others. */
  readonly childEnds: readonly [number, number, number];
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #lines: LogLines;
  #open = true;

  /** Whether V8 has written that the heap is full; it aborts after that. */
  sawHeapExhaustion = false;

  constructor(path: string, onLine: (line: string) => void) {
    this.#lines = new LogLines((line) => {
      if (line.startsWith("FATAL ERROR") && line.includes("out of memory")) this.sawHeapExhaustion = true;
      onLine(line);
    });
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const end = () => openSync(path, constants.O_WRONLY);
    this.childEnds = [end(), end(), end()];
    unlinkSync(path);
    this.#socket = new Socket({ fd: this.#fd, readable: true, writable: false });
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("data", (bytes) => this.#lines.write(bytes));
    this.#socket.on("close", () => (this.#open = false));
  }

  /** Closes this process's copies of the child's ends. */
  closeChildEnds(): void {
    for (const fd of this.childEnds) closeSync(fd);
  }

  /** Reads all that is in the pipe now. */
  drain(): void {
    // Destroyed, the socket has closed the descriptor, whose number may be another's by now: a client's connection, whose
    // request would be taken for log lines. Its close event comes too late to go by.
    if (!this.#open || this.#socket.destroyed) return;
    let size = 0;
    // Most often the pipe is empty, which is an exception: without a stack it costs half.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      // One read: a pipe holds 64 KiB, so nothing that was in it before stays behind.
      size = readSync(this.#fd, chunk, 0, chunkBytes, null);
    } catch {
      return; // EAGAIN: the pipe is empty.
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    if (size > 0) this.#lines.write(chunk.subarray(0, size));
  }

  /** Reads the rest, hands over the last line even without its end, and closes the pipe. */
  close(): void {
    this.drain();
    this.#lines.end();
    this.#socket.destroy();
    this.#open = false;
  }
}
