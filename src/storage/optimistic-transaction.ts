import type { Commit, CommitLog, Reader } from "./commit-log.ts";
import type { Change, Engine, KeyText } from "./engine.ts";
import { keyText } from "./engine.ts";
import type { GroupCommit } from "./group-commit.ts";
import { collectRange } from "./group-commit.ts";
import type { Entry, KeyBytes, RangeOptions, StoreTransaction, ValueBytes } from "./store.ts";

export const maxKeyBytes = 8 * 1024;
export const maxValueBytes = 64 * 1024 * 1024;

/** Ends a body early whose reads are stale. Bodies must not catch it; when they do, they run again all the same. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** One for all: it says nothing that depends on where it was thrown, and a stack costs more than a transaction. */
const conflicted = new ConflictError("What this transaction read has changed; it runs again.");

/**
 * One run of a write's body: reads the latest commits (durable or not), remembers what it read, keeps its writes to
 * itself. Every read first checks that all earlier ones still hold, so the body only ever sees states that existed.
 */
export class OptimisticTransaction implements StoreTransaction, Reader {
  readonly #engine: Engine;
  readonly #group: GroupCommit;
  readonly #log: CommitLog;
  #keys: Set<KeyText> | undefined;
  #ranges: RangeRead[] | undefined;
  #settled = false;
  seen: Commit | undefined;
  changes: Map<KeyText, Change> | undefined;
  /** Whether anything read was not durable yet. */
  sawPending = false;
  /** Names what was stale: the key, or the range in which a key changed. */
  conflict: string | undefined;

  constructor(engine: Engine, group: GroupCommit, log: CommitLog) {
    this.#engine = engine;
    this.#group = group;
    this.#log = log;
  }

  get(key: KeyBytes): ValueBytes | undefined {
    this.#catchUpOrThrow();
    const text = keyText(key);
    const own = this.changes?.get(text);
    if (own) return own.value;
    this.#depend(text);
    const pending = this.#group.pending(text);
    if (!pending) return this.#engine.get(key);
    this.sawPending = true;
    return pending.value;
  }

  async *scan(range: RangeOptions): AsyncIterable<Entry> {
    this.#catchUpOrThrow();
    const read = new RangeRead(range);
    if (read.from >= read.to) return;
    (this.#ranges ??= []).push(read);
    const over = new Map<KeyText, Change>();
    this.#group.collectPending(read.from, read.to, over);
    if (over.size > 0) this.sawPending = true;
    if (this.changes) collectRange(this.changes, read.from, read.to, over);
    const cursor = this.#engine.cursor(range);
    try {
      const above = over.size > 0 ? [...over].toSorted(read.reverse ? descending : ascending) : [];
      let at = 0;
      for (let chunk = await cursor.next(); chunk.length > 0; chunk = await cursor.next()) {
        for (const entry of chunk) {
          const text = keyText(entry[0]);
          for (; at < above.length; at++) {
            const [changed, { key, value }] = above[at]!;
            if (read.reverse ? changed <= text : changed >= text) break;
            if (value === undefined) continue;
            this.#advance(read, changed);
            yield [key, value];
          }
          if (at < above.length && above[at]![0] === text) continue;
          this.#advance(read, text);
          yield entry;
        }
      }
      for (; at < above.length; at++) {
        const [changed, { key, value }] = above[at]!;
        if (value === undefined) continue;
        this.#advance(read, changed);
        yield [key, value];
      }
      this.#advance(read, undefined);
    } finally {
      read.open = false;
      cursor.close();
    }
  }

  depend(key: KeyBytes): void {
    this.#catchUpOrThrow();
    this.#depend(keyText(key));
  }

  put(key: KeyBytes, value: ValueBytes): void {
    if (value.byteLength > maxValueBytes) throw new RangeError(`A value has at most ${maxValueBytes} bytes.`);
    this.#change(key, value);
  }

  delete(key: KeyBytes): void {
    this.#change(key, undefined);
  }

  doom(): void {
    this.conflict ??= "";
    this.seen = undefined;
  }

  /** Ends the run. Answers whether all that it read is still so. */
  settle(): boolean {
    this.#settled = true;
    this.#catchUp();
    if (this.#keys !== undefined || this.#ranges !== undefined) this.#log.leave(this);
    return this.conflict === undefined;
  }

  #depend(key: KeyText): void {
    (this.#keys ??= new Set()).add(key);
  }

  #change(key: KeyBytes, value: ValueBytes | undefined): void {
    if (this.#settled) throw afterSettled();
    if (key.byteLength > maxKeyBytes) throw new RangeError(`A key has at most ${maxKeyBytes} bytes.`);
    (this.changes ??= new Map()).set(keyText(key), { key, value });
  }

  #catchUpOrThrow(): void {
    if (this.#settled) throw afterSettled();
    if (this.seen === undefined && this.conflict === undefined) {
      this.seen = this.#log.tail;
      this.#log.join(this);
      return;
    }
    this.#catchUp();
    if (this.conflict !== undefined) throw conflicted;
  }

  /** Compares what was read with the commits since the last look. */
  #catchUp(): void {
    while (this.seen?.next && this.conflict === undefined) {
      this.seen = this.seen.next;
      for (const key of this.seen.keys) this.#check(key);
    }
  }

  #check(changed: KeyText): void {
    if (this.#keys?.has(changed)) this.conflict = changed;
    if (!this.#ranges) return;
    for (const range of this.#ranges) {
      if (range.covers(changed)) this.conflict = `range ${range.from}`;
      else if (range.open && changed >= range.from && changed < range.to) range.ahead.push(changed);
    }
  }

  #advance(range: RangeRead, to: KeyText | undefined): void {
    if (this.#settled) throw afterSettled();
    if (to === undefined) range.complete = true;
    else range.last = to;
    if (range.ahead.length > 0 && range.ahead.some((key) => range.covers(key))) {
      this.conflict ??= `range ${range.from}`;
    }
    if (this.conflict !== undefined) throw conflicted;
  }
}

/** The part of a range that a scan has handed out so far. */
class RangeRead {
  readonly from: KeyText;
  readonly to: KeyText;
  readonly reverse: boolean;
  last: KeyText | undefined;
  complete = false;
  open = true;
  /** Keys that were committed after the scan began, in the part that it had not reached then. */
  readonly ahead: KeyText[] = [];

  constructor(range: RangeOptions) {
    this.from = keyText(range.from);
    this.to = keyText(range.to);
    this.reverse = range.reverse ?? false;
  }

  covers(key: KeyText): boolean {
    if (key < this.from || key >= this.to) return false;
    if (this.complete) return true;
    if (this.last === undefined) return false;
    return this.reverse ? key >= this.last : key <= this.last;
  }
}

type Pending = [KeyText, Change];
const ascending = ([a]: Pending, [b]: Pending): number => (a < b ? -1 : 1);
const descending = ([a]: Pending, [b]: Pending): number => (a < b ? 1 : -1);

function afterSettled(): Error {
  return new Error("The transaction was used after its body had settled. Await everything inside the body.");
}
