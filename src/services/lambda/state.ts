import type {
  ApplicationLogLevel,
  Architecture,
  FunctionUrlAuthType,
  InvokeMode,
  LastUpdateStatus,
  RecursiveLoop,
  Runtime,
  State,
  SystemLogLevel,
  UpdateRuntimeOn,
} from "../../api/lambda/types.ts";
import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";

export interface FunctionRow {
  readonly name: string;
  /** Internal: a function made again under the same name shares nothing with the one before; a version has its own. */
  readonly id: string;
  /** Of a published version; absent for `$LATEST`. */
  readonly version?: number;
  /** Of a published version: what `$LATEST` was when it was published, so that the same is not published twice. */
  readonly fingerprint?: string;
  readonly runtime: Runtime;
  readonly handler: string;
  /** ARN of the execution role. */
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly architecture: Architecture;
  readonly logGroup: string;
  /** Of JSON logs; absent where the log is text. */
  readonly logging?: LoggingRow;
  readonly tags: Readonly<Record<string, string>>;
  readonly code: CodePackage;
  /** In the order in which they are merged; a later one covers an earlier one. */
  readonly layers?: readonly LayerUse[];
  readonly state: State;
  readonly stateReason?: string;
  readonly lastUpdateStatus?: LastUpdateStatus;
  readonly lastUpdateStatusReason?: string;
  readonly revisionId: string;
  readonly lastModifiedAt: EpochMs;
  /** What is to happen when the function calls itself in a loop; a record. Of `$LATEST` only. */
  readonly recursiveLoop?: RecursiveLoop;
  /** When AWS would change the runtime under the function; a record. */
  readonly runtimeUpdates?: { readonly on: UpdateRuntimeOn };
  /** Invocations that may run at once, kept free for this function; absent where it shares with the others. Of `$LATEST` only. */
  readonly reservedConcurrency?: number;
  /** The resource-based policy's statements, as AddPermission made them. */
  readonly statements: readonly PolicyStatement[];
}

/** A layer version as a function holds on to it, also after it is deleted. */
export interface LayerUse {
  readonly arn: string;
  readonly code: CodePackage;
}

export interface LoggingRow {
  readonly applicationLevel: ApplicationLogLevel;
  readonly systemLevel: SystemLogLevel;
}

export interface CodePackage {
  readonly blobId: string;
  /** Base64, as AWS gives it. */
  readonly sha256: string;
  /** Bytes of the zip. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unzippedSize: number;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface AliasRow {
  readonly functionName: string;
  readonly name: string;
  readonly description: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** A second version that gets this share of the invocations. */
  readonly routing?: { readonly version: string; readonly weight: number };
  readonly revisionId: string;
  readonly statements: readonly PolicyStatement[];
}

/** Version numbers are never given twice, not even when a function is deleted and made again. */
export interface VersionCounterRow {
  readonly functionName: string;
  readonly last: number;
}

export interface LayerVersionRow {
  readonly layerName: string;
  readonly version: number;
  readonly description: string;
  readonly createdAt: EpochMs;
  readonly code: CodePackage;
  readonly runtimes?: readonly Runtime[];
  readonly architectures?: readonly Architecture[];
  readonly license?: string;
  /** Of the policy. */
  readonly revisionId: string;
  readonly statements: readonly PolicyStatement[];
  /** Set when it was deleted while somebody may still use it: it is there for them only. */
  readonly deleted?: true;
}

/** The HTTP endpoint of a function or an alias. */
export interface FunctionUrlRow {
  readonly functionName: string;
  /** An alias, or `$LATEST` for the function itself. */
  readonly qualifier: string;
  readonly urlId: string;
  readonly authType: FunctionUrlAuthType;
  readonly invokeMode: InvokeMode;
  readonly cors?: CorsRow;
  readonly createdAt: EpochMs;
  readonly lastModifiedAt: EpochMs;
}

export interface CorsRow {
  readonly allowCredentials?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowOrigins?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** Whose a function URL's host is. */
export interface UrlOwnerRow {
  readonly urlId: string;
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  readonly qualifier: string;
}

/** How asynchronous invocations of one function, version or alias are tried and where their results go. */
export interface EventInvokeConfigRow {
  readonly functionName: string;
  /** `$LATEST`, a number or an alias. */
  readonly qualifier: string;
  readonly maxRetries?: number;
  readonly maxAgeSeconds?: number;
  /** ARNs. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly lastModifiedAt: EpochMs;
}

/** What functions have reserved of the account's concurrency, together; one row. */
export interface ReservationRow {
  readonly id: "all";
  readonly total: number;
}

export interface LayerRow {
  readonly name: string;
  /** Number of the version that was published last. */
  readonly last: number;
}

/** What `$LATEST` of each function is. */
export const functions = collection("functions", (row: FunctionRow) => [row.name], { cached: true });

/** Published versions: copies of what `$LATEST` was. */
export const versions = collection("versions", (row: FunctionRow) => [row.name, row.version!], { cached: true });

export const aliases = collection("aliases", (row: AliasRow) => [row.functionName, row.name], { cached: true });

export const versionCounters = collection("version-counters", (row: VersionCounterRow) => [row.functionName]);

export const layers = collection("layers", (row: LayerRow) => [row.name]);

export const layerVersions = collection("layer-versions", (row: LayerVersionRow) => [row.layerName, row.version]);

export const reservations = collection("reservations", (row: ReservationRow) => [row.id], { cached: true });

export const eventInvokeConfigs = collection("event-invoke-configs", (row: EventInvokeConfigRow) => [
  row.functionName,
  row.qualifier,
]);

export const functionUrls = collection("function-urls", (row: FunctionUrlRow) => [row.functionName, row.qualifier], {
  cached: true,
});

export const urlOwners = collection("function-url-owners", (row: UrlOwnerRow) => [row.urlId], {
  scope: "platform",
  cached: true,
});
