import { TransactionInProgressException } from "../../../api/dynamodb/errors.ts";
import type { CancellationReason } from "../../../api/dynamodb/types.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Key } from "../../../kernel/records.ts";
import { printKey } from "./print-key.ts";

/** Takes items for a transaction; answers for each whether another one has it. Takes none when any is taken. */
export type TakeItems = (keys: readonly Key[]) => boolean[];

/**
 * The items that transactions are writing at this moment. A transaction that meets another is cancelled, as on AWS, and
 * does not wait: programs must be ready for that. It is lost with the process, as are the transactions.
 */
export class TransactionsInFlight {
  readonly #holders = new Map<string, object>();

  /**
   * Runs a transaction that writes. What it has taken is free when its commit is durable or has failed.
   * @throws TransactionInProgressException when its token is in use right now
   */
  async run<R>(at: ServiceContext, token: string | undefined, body: (take: TakeItems) => Promise<R>): Promise<R> {
    const holder = {};
    const mine = new Set<string>();
    const hold = (name: string): void => {
      this.#holders.set(name, holder);
      mine.add(name);
    };
    if (token !== undefined) {
      const name = `${at.account}/${at.region}/token/${token}`;
      if (this.#holders.has(name)) {
        throw new TransactionInProgressException({
          message: "The transaction with the given request token is already in progress.",
        });
      }
      hold(name);
    }
    try {
      // The body of a write may run twice: what is one's own may be taken again.
      return await body((keys) => {
        const names = keys.map((key) => nameOf(at, key));
        const taken = names.map((name) => (this.#holders.get(name) ?? holder) !== holder);
        if (!taken.includes(true)) for (const name of names) hold(name);
        return taken;
      });
    } finally {
      for (const name of mine) this.#holders.delete(name);
    }
  }

  /** Whether a transaction is writing this item. */
  holds(at: ServiceContext, key: Key): boolean {
    return this.#holders.size > 0 && this.#holders.has(nameOf(at, key));
  }
}

function nameOf(at: ServiceContext, key: Key): string {
  return `${at.account}/${at.region}/item/${printKey(key)}`;
}

export const transactionConflict: CancellationReason = {
  Code: "TransactionConflict",
  Message: "Transaction is ongoing for the item",
};
