import type {
  AttributeDefinition,
  BillingMode,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
  StreamViewType,
  TableClass,
  WarmThroughput,
} from "../../api/dynamodb/types.ts";
import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";
import { itemCodec } from "./items/item-row.ts";
import type { ItemRow } from "./items/item-row.ts";
import type { KeyAttribute } from "./items/keys.ts";
import { streamRecordCodec } from "./streams/stream-record-row.ts";
import type { StreamRecordRow } from "./streams/stream-record-row.ts";

export type TableRowStatus = "CREATING" | "UPDATING" | "ACTIVE" | "DELETING";

/** What tables and indexes share: by what they are read. */
export interface KeySchemaRow {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

export interface IndexRow extends KeySchemaRow {
  readonly name: string;
  /** Part of the entries' keys; given again only when no entry under it is left. */
  readonly number: number;
  readonly kind: "global" | "local";
  /** While UpdateTable's change is under way: being filled, or being emptied. */
  readonly status?: "CREATING" | "DELETING";
  readonly projectionType: NonNullable<Projection["ProjectionType"]>;
  readonly nonKeyAttributes?: readonly string[];
  /** All attributes of an entry; absent when it holds the whole item. */
  readonly projected?: readonly string[];
  readonly provisionedThroughput?: ThroughputRow;
  readonly onDemandThroughput?: OnDemandThroughput;
  readonly warmThroughput?: WarmThroughput;
}

export interface ThroughputRow extends ProvisionedThroughput {
  readonly lastIncreaseAt?: EpochMs;
  readonly lastDecreaseAt?: EpochMs;
  /** How often it was decreased on the UTC day of the last decrease. */
  readonly decreasesToday: number;
}

export interface TableRow extends KeySchemaRow {
  readonly name: string;
  /** AWS's TableId, a UUID. */
  readonly id: string;
  /** Never given twice in an account and region: a table that is made again under its name never sees old rows. */
  readonly number: number;
  readonly status: TableRowStatus;
  readonly createdAt: EpochMs;
  readonly attributeDefinitions: readonly AttributeDefinition[];
  readonly indexes: readonly IndexRow[];
  readonly billingMode: BillingMode;
  /** Whether CreateTable or UpdateTable named the billing mode: only then is it described. */
  readonly billingModeNamed: boolean;
  readonly onDemandSince?: EpochMs;
  readonly provisionedThroughput: ThroughputRow;
  readonly onDemandThroughput?: OnDemandThroughput;
  readonly warmThroughput?: WarmThroughput;
  readonly tableClass?: TableClass;
  readonly tableClassChangedAt?: EpochMs;
  readonly deletionProtection: boolean;
  readonly sse?: SSESpecification;
  /** The attribute that holds each item's expiry; absent while time to live is disabled. */
  readonly timeToLive?: { readonly attribute: string };
  /** The latest stream; `enabled` while changes are written to it. */
  readonly stream?: TableStream;
  /** Where the table came from, if it was restored. */
  readonly restore?: RestoreRow;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RestoreRow {
  readonly backup: BackupKey;
  readonly restoredAt: EpochMs;
  readonly inProgress: boolean;
}

export interface TableStream {
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly enabled: boolean;
}

export const tables = collection<TableRow>("tables", (row) => [row.name], { cached: true });

/** The number of the latest table. */
export interface TableNumberRow {
  readonly latest: number;
}
export const tableNumbers = collection<TableNumberRow>("table-numbers", () => []);

/** Items, by table number, hash of the partition key, partition key and sort key: the order in which Scan gives them. */
export const items = collection<ItemRow>("items", (row) => row.key, { codec: itemCodec });

/**
 * Entries of secondary indexes: table number, index number, then as items, closed by a digest of the item's own key,
 * because index keys need not be unique.
 */
export const indexEntries = collection<ItemRow>("index-entries", (row) => row.key, { codec: itemCodec });

/** Size and count of a large table as last counted. */
export interface MeasureRow {
  readonly table: number;
  readonly measuredAt: EpochMs;
  readonly itemCount: number;
  readonly sizeBytes: number;
  readonly indexes: Readonly<Record<string, { readonly itemCount: number; readonly sizeBytes: number }>>;
}
export const measures = collection<MeasureRow>("measures", (row) => [row.table]);

/** A ClientRequestToken of TransactWriteItems: the same request under it succeeds again without doing anything. */
export interface TransactionTokenRow {
  readonly token: string;
  readonly fingerprint: string;
  readonly expiresAt: EpochMs;
}
export const transactionTokens = collection<TransactionTokenRow>("transaction-tokens", (row) => [row.token]);

/** A stream of a table's changes. It outlives its end, and its table, by 24 hours. */
export interface StreamRow {
  readonly tableName: string;
  /** AWS's StreamLabel: when it was enabled. Never given twice under a table's name. */
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly keySchema: KeySchemaRow;
  readonly createdAt: EpochMs;
  readonly disabledAt?: EpochMs;
}
export const streams = collection<StreamRow>("streams", (row) => [row.tableName, row.label]);

/** A part of a stream in time. Only the latest is open. */
export interface ShardRow {
  readonly tableName: string;
  readonly label: string;
  /** 0 for the first. */
  readonly number: number;
  /** AWS's ShardId. */
  readonly id: string;
  readonly parent?: string;
  readonly startedAt: EpochMs;
  readonly endedAt?: EpochMs;
  /** Given to no record, so that a shard without records has a range too. */
  readonly starting: number;
  /** The last that was given; absent while the shard is open. */
  readonly ending?: number;
  /** Records up to this one are gone. */
  readonly trimmed: number;
}
export const shards = collection<ShardRow>("shards", (row) => [row.tableName, row.label, row.number]);

/** Where the next record of a stream is written. Its own row, because every write of an item changes it. */
export interface StreamEndRow {
  readonly tableName: string;
  readonly label: string;
  readonly shard: number;
  /** The sequence number that was given last. */
  readonly last: number;
}
export const streamEnds = collection<StreamEndRow>("stream-ends", (row) => [row.tableName, row.label]);

/** Changes of items, by table name, stream label, shard number and sequence number. */
export const streamRecords = collection<StreamRecordRow>("stream-records", (row) => row.key, {
  codec: streamRecordCodec,
});

/** What shard iterators are sealed with. */
export interface StreamSecretRow {
  /** Base64. */
  readonly secret: string;
}
export const streamSecrets = collection<StreamSecretRow>("stream-secrets", () => [], { cached: true });

export interface BackupKey {
  /** Of the table that was backed up. */
  readonly tableName: string;
  /** The last part of the backup's ARN. */
  readonly id: string;
}

/** A backup that somebody asked for. It does not go away with its table. */
export interface BackupRow extends BackupKey {
  readonly name: string;
  readonly status: "CREATING" | "AVAILABLE";
  readonly createdAt: EpochMs;
  /** The table when the backup was asked for. */
  readonly table: TableRow;
  /** As found when the items were copied. */
  readonly itemCount: number;
  readonly sizeBytes: number;
}
export const backups = collection<BackupRow>("backups", (row) => [row.tableName, row.id]);

/** Items of backups: table name and id of the backup, then as items. */
export const backupItems = collection<ItemRow>("backup-items", (row) => row.key, { codec: itemCodec });
