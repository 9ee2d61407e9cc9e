import { hash } from "node:crypto";
import { IdempotentParameterMismatchException } from "../../../api/dynamodb/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Transaction } from "../../../kernel/records.ts";
import { expireTransactionToken } from "../jobs/expire-transaction-token.ts";
import { transactionTokens } from "../state.ts";
import { readUnits, Units } from "./consumed-capacity.ts";

const lifetimeMs = 10 * 60 * 1000;

/** The ClientRequestToken of a request that writes, and what the request asks. */
export interface TokenUse {
  readonly token: string;
  readonly fingerprint: string;
}

export function tokenUse(token: string | undefined, request: unknown): TokenUse | undefined {
  if (token === undefined) return undefined;
  const text = JSON.stringify(request, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
  return { token, fingerprint: hash("sha256", text, "base64") };
}

/**
 * Whether the same request has succeeded under its token in the last ten minutes.
 * @throws IdempotentParameterMismatchException when another one has
 */
export async function hasRun(tx: Transaction, use: TokenUse | undefined, ctx: ServiceContext): Promise<boolean> {
  const earlier = use && (await tx.get(transactionTokens, [use.token]));
  if (!earlier || earlier.expiresAt <= ctx.clock.now()) return false;
  if (earlier.fingerprint === use.fingerprint) return true;
  throw new IdempotentParameterMismatchException({
    message: "The request uses the same client token as a previous, but non-identical request.",
  });
}

/** Keeps a token for ten minutes, in the commit of what was done under it. */
export function keepToken(tx: Transaction, use: TokenUse | undefined, ctx: ServiceContext): void {
  if (!use) return;
  const { token } = use;
  const expiresAt = ctx.clock.now() + lifetimeMs;
  tx.put(transactionTokens, { ...use, expiresAt });
  tx.schedule(expireTransactionToken, { token }, { at: expiresAt, id: token });
}

/** What AWS bills for an item of a request that has run before: reading it in a transaction. */
export function replayUnits(bytes: number | undefined): Units {
  const units = new Units();
  units.addToTable(2 * readUnits(bytes ?? 0, true));
  return units;
}
