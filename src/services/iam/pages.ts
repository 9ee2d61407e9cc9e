import { AwsError } from "../../api/aws-error.ts";
import type { Collection, Snapshot } from "../../kernel/records.ts";

export interface PageRequest {
  readonly Marker?: string | undefined;
  /** Default 100. */
  readonly MaxItems?: number | undefined;
}

export interface PageFacts {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

const defaultItems = 100;

/** The sort key after which a page begins, from the request's Marker. */
export function afterMarker(request: PageRequest): string | undefined {
  if (request.Marker === undefined) return undefined;
  const text = Buffer.from(request.Marker, "base64url").toString();
  if (Buffer.from(text).toString("base64url") !== request.Marker) {
    throw new AwsError({ code: "ValidationError", status: 400, message: "Invalid Marker." });
  }
  return text;
}

/**
 * One page of items that come in the order of their sort keys, from the request's marker on.
 * Sort keys have to be unique; items before the marker may come, and are passed over.
 */
export async function takePage<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  sortKey: (item: Item) => string,
  request: PageRequest,
): Promise<{ readonly items: Item[]; readonly page: PageFacts }> {
  const after = afterMarker(request);
  const limit = request.MaxItems ?? defaultItems;
  const taken: Item[] = [];
  for await (const item of items) {
    if (after !== undefined && compareKeys(sortKey(item), after) <= 0) continue;
    if (taken.length === limit) {
      const marker = Buffer.from(sortKey(taken.at(-1)!)).toString("base64url");
      return { items: taken, page: { IsTruncated: true, Marker: marker } };
    }
    taken.push(item);
  }
  return { items: taken, page: { IsTruncated: false } };
}

/** By UTF-8 bytes, as records are ordered. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Rows keyed by lower-case name whose path begins as the request says, from its marker on. */
export async function* listByPath<Row extends { readonly path: string }>(
  snapshot: Snapshot,
  from: Collection<Row>,
  request: PageRequest & { readonly PathPrefix?: string | undefined },
): AsyncIterable<Row> {
  const after = afterMarker(request);
  for await (const row of snapshot.list(from, after === undefined ? {} : { after: [after] })) {
    if (row.path.startsWith(request.PathPrefix ?? "/")) yield row;
  }
}
