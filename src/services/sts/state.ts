import type { EpochMs } from "../../base/clock.ts";
import type { Principal } from "../../kernel/principal.ts";
import { collection } from "../../kernel/records.ts";

/** Temporary credentials, and whom they stand for. */
export interface SessionRow {
  /** `ASIA…` */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: EpochMs;
  readonly principal: Principal;
}

/** Of the whole platform: a request brings only the key. */
export const sessions = collection("sessions", (row: SessionRow) => [row.accessKeyId], {
  scope: "platform",
  cached: true,
});
