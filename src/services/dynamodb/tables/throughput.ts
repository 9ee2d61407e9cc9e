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
    if (throughput[name]! > maxCapacityUnits) {
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
