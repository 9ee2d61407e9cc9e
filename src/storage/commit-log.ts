import type { KeyText } from "./engine.ts";

/** One commit: what it wrote. A linked list, so that commits which no transaction can still ask about are garbage. */
export interface Commit {
  readonly keys: readonly KeyText[];
  next: Commit | undefined;
}

/** A transaction that has read something and must learn of later commits. */
export interface Reader {
  /** Where in the log the reader is. Every commit after it is still to be checked, and kept for that. */
  readonly seen: Commit | undefined;
  /** Makes the reader run again, and lets go of the log. */
  doom(): void;
}

/** Commits between two looks at who holds on to the log; a reader that slept through more runs again. */
const maxKeptCommits = 8192;

/** The commits of this process in their serial order, as far back as the oldest active transaction needs them. */
export class CommitLog {
  #tail: Commit = { keys: [], next: undefined };
  readonly #readers = new Set<Reader>();
  #sinceLook = 0;
  /** Where the log stood at the last look. */
  #mark = new Set<Reader>();

  get tail(): Commit {
    return this.#tail;
  }

  join(reader: Reader): void {
    this.#readers.add(reader);
  }

  leave(reader: Reader): void {
    this.#readers.delete(reader);
    this.#mark.delete(reader);
  }

  append(keys: readonly KeyText[]): void {
    // With nobody to tell, only the position moves.
    const commit: Commit = { keys, next: undefined };
    this.#tail.next = commit;
    this.#tail = commit;
    if (++this.#sinceLook >= maxKeptCommits) this.#look();
  }

  /** Makes every active transaction run again: what it read may have been taken back. */
  doomAll(): void {
    for (const reader of this.#readers) reader.doom();
  }

  #look(): void {
    this.#sinceLook = 0;
    for (const reader of this.#mark) reader.doom();
    this.#mark = new Set(this.#readers);
  }
}
