import { createHash } from "node:crypto";
import type { Snapshot, Transaction } from "../../../kernel/records.ts";
import { versionCounters, versions, type FunctionRow } from "../state.ts";

export interface NewVersion {
  readonly id: string;
  readonly revisionId: string;
  /** Instead of the function's own. */
  readonly description?: string | undefined;
}

/**
 * Keeps what `$LATEST` is as a version with the next number. Answers the last version where nothing has changed since.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export async function applyVersion(tx: Transaction, latest: FunctionRow, given: NewVersion): Promise<FunctionRow> {
  const fingerprint = fingerprintOf(latest);
  for await (const last of tx.list(versions, { prefix: [latest.name], reverse: true })) {
    if (last.fingerprint === fingerprint) return last;
    break;
  }
  const number = ((await tx.get(versionCounters, [latest.name]))?.last ?? 0) + 1;
  const {
    stateReason: _,
    lastUpdateStatusReason: __,
    reservedConcurrency: ___,
    recursiveLoop: ____,
    lastUpdateStatus,
    ...rest
  } = latest;
  const settled = latest.state === "Active" && lastUpdateStatus !== "InProgress";
  const version: FunctionRow = {
    ...rest,
    version: number,
    fingerprint,
    id: given.id,
    revisionId: given.revisionId,
    description: given.description ?? latest.description,
    tags: {},
    statements: [],
    ...(settled
      ? { state: "Active", lastUpdateStatus: "Successful" }
      : { state: "Pending", stateReason: "The function is being created." }),
  };
  tx.put(versions, version);
  tx.put(versionCounters, { functionName: latest.name, last: number });
  return version;
}

/** Equal for equal code and configuration, whatever else has happened to the function. */
function fingerprintOf(row: FunctionRow): string {
  const variables = Object.entries(row.variables ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    row.code.sha256,
    row.runtime,
    row.handler,
    row.role,
    row.description,
    row.timeoutSeconds,
    row.memoryMb,
    row.ephemeralStorageMb,
    variables,
    row.architecture,
    row.logGroup,
    row.logging ?? null,
    row.layers?.map(({ arn }) => arn) ?? [],
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}

/** Whether a published version, other than the one numbered `except`, runs this package. */
export async function isCodeOfVersion(
  snapshot: Snapshot,
  functionName: string,
  blobId: string,
  except?: number,
): Promise<boolean> {
  for await (const { code, version } of snapshot.list(versions, { prefix: [functionName] })) {
    if (code.blobId === blobId && version !== except) return true;
  }
  return false;
}
