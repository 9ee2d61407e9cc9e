import type { Transaction } from "../../../kernel/records.ts";
import { reservations, type ReservationRow } from "../state.ts";

/** Keeps the sum of what functions have reserved, which all others have to do without. */
export async function applyReservation(tx: Transaction, before: number, after: number): Promise<void> {
  if (before === after) return;
  const total = (await tx.get(reservations, ["all"]))?.total ?? 0;
  const row: ReservationRow = { id: "all", total: total - before + after };
  tx.put(reservations, row);
}
