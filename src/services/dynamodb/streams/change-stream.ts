import type { StreamSpecification, StreamViewType } from "../../../api/dynamodb/types.ts";
import type { Transaction } from "../../../kernel/records.ts";
import { tendStream } from "../jobs/tend-stream.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import { streams } from "../state.ts";
import type { KeySchemaRow, TableRow, TableStream } from "../state.ts";
import { closeShard, openShard, shardLifetimeMs } from "./shards.ts";
import { streamLabel } from "./stream-arn.ts";

/** The view of a stream that is to be enabled; undefined when none is. @throws ValidationException as AWS words it */
export function readStreamView(specification: StreamSpecification | undefined): StreamViewType | undefined {
  if (!specification) return undefined;
  const { StreamEnabled: enabled, StreamViewType: viewType } = specification;
  if (enabled && viewType === undefined) {
    throw invalidParameter("If stream is being enabled then UpdateViewType is required");
  }
  if (!enabled && viewType !== undefined) {
    throw invalidParameter("If stream is being disabled, then UpdateViewType must not be specified");
  }
  return viewType;
}

/**
 * Carries out the `StreamSpecification` of UpdateTable; undefined when there is none.
 * @throws ValidationException when the stream is already so; a view cannot be changed but by a new stream
 */
export async function changeStream(
  tx: Transaction,
  table: TableRow,
  specification: StreamSpecification | undefined,
): Promise<TableStream | undefined> {
  if (!specification) return undefined;
  const viewType = readStreamView(specification);
  if (viewType !== undefined) {
    if (table.stream?.enabled) {
      throw validationException(`Table already has an enabled stream: TableName: ${table.name}`);
    }
    return startStream(tx, table, viewType);
  }
  if (!table.stream?.enabled) throw validationException(`Table has no stream to disable: TableName: ${table.name}`);
  await endStream(tx, table.name, table.stream.label);
  return { ...table.stream, enabled: false };
}

/** Enables a new stream on a table. */
export async function startStream(
  tx: Transaction,
  { name, partition, sort }: KeySchemaRow & { readonly name: string },
  viewType: StreamViewType,
): Promise<TableStream> {
  let createdAt = tx.now;
  // An earlier one of the same millisecond still has its label, be it of a table that is gone.
  while (await tx.get(streams, [name, streamLabel(createdAt)])) createdAt++;
  const label = streamLabel(createdAt);
  const keySchema = { partition, ...(sort && { sort }) };
  tx.put(streams, { tableName: name, label, viewType, keySchema, createdAt });
  openShard(tx, { tableName: name, label });
  tx.schedule(tendStream, { tableName: name, label }, { at: tx.now + shardLifetimeMs });
  return { label, viewType, enabled: true };
}

/** Disables a stream: what it holds can be read for another 24 hours. */
export async function endStream(tx: Transaction, tableName: string, label: string): Promise<void> {
  const stream = await tx.get(streams, [tableName, label]);
  if (!stream) throw new Error(`Table ${tableName} names the stream ${label}, which is unknown.`);
  await closeShard(tx, stream);
  tx.put(streams, { ...stream, disabledAt: tx.now });
}
