import type { EpochMs } from "../../../base/clock.ts";
import type { BillingMode, OnDemandThroughput, ProvisionedThroughput } from "../../../api/dynamodb/types.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { ThroughputRow } from "../state.ts";

export interface TableBilling {
  readonly mode: BillingMode;
}

/** Larger numbers are refused whatever the account's quota. */
const maxCapacityUnits = 1_000_000_000_000;

/** @throws ValidationException when the throughput does not go with the billing mode */
export function requireThroughput(mode: BillingMode, throughput: ProvisionedThroughput | undefined): void {
  if (mode === "PAY_PER_REQUEST") {
    if (throughput) {
      throw invalidParameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
      );
    }
    return;
  }
  if (!throughput) {
    throw invalidParameter(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
  }
  requireInBounds(throughput);
}

export function requireInBounds(throughput: ProvisionedThroughput): void {
  for (const name of ["ReadCapacityUnits", "WriteCapacityUnits"] as const) {
    if (throughput[name] > maxCapacityUnits) {
      throw validationException(`Given value ${throughput[name]} for ${name} is out of bounds`);
    }
  }
}

/** On-demand tables and indexes have a throughput too: zero. */
export function firstThroughput(throughput: ProvisionedThroughput | undefined): ThroughputRow {
  return {
    ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
    decreasesToday: 0,
  };
}

export function readOnDemandThroughput(
  throughput: OnDemandThroughput | undefined,
  mode: BillingMode,
): OnDemandThroughput | undefined {
  if (throughput && mode === "PROVISIONED") {
    throw invalidParameter("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED");
  }
  return throughput;
}

/** @throws ValidationException when nothing would change */
export function requireDifferent(before: ThroughputRow, wanted: ProvisionedThroughput, fault: string): void {
  const same =
    before.ReadCapacityUnits === wanted.ReadCapacityUnits && before.WriteCapacityUnits === wanted.WriteCapacityUnits;
  if (!same) return;
  throw validationException(
    `${fault} The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${before.ReadCapacityUnits}. Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: ${before.WriteCapacityUnits}. Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

/** Throughput after a change, which is dated; decreases are counted by UTC day. */
export function throughputAfter(before: ThroughputRow, wanted: ProvisionedThroughput, now: EpochMs): ThroughputRow {
  const increased =
    wanted.ReadCapacityUnits > before.ReadCapacityUnits || wanted.WriteCapacityUnits > before.WriteCapacityUnits;
  const decreased =
    wanted.ReadCapacityUnits < before.ReadCapacityUnits || wanted.WriteCapacityUnits < before.WriteCapacityUnits;
  const sameDay = before.lastDecreaseAt !== undefined && dayOf(before.lastDecreaseAt) === dayOf(now);
  return {
    ...before,
    ReadCapacityUnits: wanted.ReadCapacityUnits,
    WriteCapacityUnits: wanted.WriteCapacityUnits,
    ...(increased && { lastIncreaseAt: now }),
    ...(decreased && { lastDecreaseAt: now, decreasesToday: (sameDay ? before.decreasesToday : 0) + 1 }),
  };
}

function dayOf(time: EpochMs): number {
  return Math.floor(time / 86_400_000);
}
