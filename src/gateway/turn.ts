/**
 * Lets what is ready in one turn of the event loop go out together at its end. A write to a socket wakes the client's
 * thread where it sleeps, which costs more than the write; of several writes in a row only the first pays for that.
 * With one request under way it is the next thing that happens anyway.
 */
export class Turn {
  #waiting: (() => void)[] = [];

  /** Resolves at the end of the turn, after everything that asked before. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(this.#finish);
    });
  }

  readonly #finish = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  };
}
