import type {
  AttributeDefinition,
  BillingMode,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
  TableClass,
  WarmThroughput,
} from "../../api/dynamodb/types.ts";
import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";
import { itemCodec } from "./items/item-row.ts";
import type { ItemRow } from "./items/item-row.ts";
import type { KeyAttribute } from "./items/keys.ts";

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
  readonly tags: Readonly<Record<string, string>>;
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
