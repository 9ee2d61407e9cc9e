import { closeSync, openSync, readSync } from "node:fs";

const buffer = Buffer.allocUnsafe(4096);

/** Nothing much is allocated in so little time. */
const shortMs = 10;
const freshMs = 50;

/** Reads a process's memory from /proc; all zeros where there is none (macOS). */
export class ProcessMemory {
  #fd: number | undefined;
  #peakMb = 0;
  #peakReadAt = Number.NEGATIVE_INFINITY;

  constructor(pid: number) {
    try {
      this.#fd = openSync(`/proc/${pid}/status`, "r");
    } catch {
      this.#fd = undefined;
    }
  }

  /**
   * The most that the process has had resident so far, in MB, rounded up. After an invocation that was short the figure
   * may be some milliseconds old: reading it costs as much as a tenth of a warm invocation.
   */
  peakMb(now: number, durationMs: number): number {
    if (durationMs < shortMs && now - this.#peakReadAt < freshMs) return this.#peakMb;
    this.#peakReadAt = now;
    const peak = field(this.#read(), "VmHWM:");
    // A process that has just ended shows no memory any more; its last figure stands.
    if (peak > 0) this.#peakMb = Math.ceil(peak / 1024);
    return this.#peakMb;
  }

  /** What the process has resident and shares with no file, in MB: what counts against its limit. */
  ownMb(): number {
    const status = this.#read();
    return (field(status, "RssAnon:") + field(status, "RssShmem:")) / 1024;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #read(): string {
    if (this.#fd === undefined) return "";
    try {
      return buffer.toString("latin1", 0, readSync(this.#fd, buffer, 0, buffer.length, 0));
    } catch {
      return "";
    }
  }
}

/** A figure of /proc/pid/status, in kB. */
function field(status: string, name: string): number {
  const at = status.indexOf(name);
  return at < 0 ? 0 : Number.parseInt(status.slice(at + name.length, at + name.length + 16), 10) || 0;
}
