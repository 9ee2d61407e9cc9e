import type { FunctionConfiguration, StateReasonCode } from "../../../api/lambda/types.ts";
import type { EpochMs } from "../../../base/clock.ts";
import type { FunctionRow } from "../state.ts";
import { functionArn, versionOf } from "./function-name.ts";

/** The configuration as every operation on functions answers it; the ARN has the qualifier where one is given. */
export function describeFunction(
  row: FunctionRow,
  at: { account: string; region: string },
  qualifier?: string,
): FunctionConfiguration {
  return {
    FunctionName: row.name,
    FunctionArn: functionArn(at, row.name, qualifier),
    Runtime: row.runtime,
    Role: row.role,
    Handler: row.handler,
    CodeSize: row.code.size,
    Description: row.description,
    Timeout: row.timeoutSeconds,
    MemorySize: row.memoryMb,
    LastModified: formatLastModified(row.lastModifiedAt),
    CodeSha256: row.code.sha256,
    Version: versionOf(row),
    ...(row.variables && { Environment: { Variables: { ...row.variables } } }),
    ...(row.layers && { Layers: row.layers.map(({ arn, code }) => ({ Arn: arn, CodeSize: code.size })) }),
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: row.revisionId,
    State: row.state,
    ...(row.stateReason !== undefined && { StateReason: row.stateReason, StateReasonCode: reasonCode(row) }),
    ...(row.lastUpdateStatus !== undefined && { LastUpdateStatus: row.lastUpdateStatus }),
    ...(row.lastUpdateStatusReason !== undefined && {
      LastUpdateStatusReason: row.lastUpdateStatusReason,
      LastUpdateStatusReasonCode: "InternalError" as const,
    }),
    PackageType: "Zip",
    Architectures: [row.architecture],
    EphemeralStorage: { Size: row.ephemeralStorageMb },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: row.logging
      ? {
          LogFormat: "JSON",
          ApplicationLogLevel: row.logging.applicationLevel,
          SystemLogLevel: row.logging.systemLevel,
          LogGroup: row.logGroup,
        }
      : { LogFormat: "Text", LogGroup: row.logGroup },
  };
}

/** The same as listings answer it, without the state. */
export function listFunction(
  row: FunctionRow,
  at: { account: string; region: string },
  qualifier?: string,
): FunctionConfiguration {
  const configuration = describeFunction(row, at, qualifier);
  const { State: _, StateReason: __, StateReasonCode: ___, LastUpdateStatus: ____, ...listed } = configuration;
  return listed;
}

function reasonCode(row: FunctionRow): StateReasonCode {
  return row.state === "Pending" ? "Creating" : "InternalError";
}

/** `2026-01-01T00:00:00.000+0000`, a form of its own that clients compare as text. */
function formatLastModified(at: EpochMs): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}
