import { job } from "../../../kernel/jobs.ts";
import { transactionTokens } from "../state.ts";

/** Forgets the token of a transaction ten minutes after it. */
export const expireTransactionToken = job<{ readonly token: string }>({
  name: "expire-transaction-token",
  run: async ({ token }, ctx) => {
    await ctx.complete(async (tx) => tx.delete(transactionTokens, [token]));
  },
});
