import { TransactionCanceledException } from "../../../api/dynamodb/errors.ts";
import type { CancellationReason } from "../../../api/dynamodb/types.ts";

/** @throws TransactionCanceledException unless every action can be */
export function requireAllPossible(reasons: readonly CancellationReason[]): void {
  const codes = reasons.map((reason) => reason.Code);
  if (codes.every((code) => code === "None")) return;
  throw new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`,
    CancellationReasons: [...reasons],
  });
}
