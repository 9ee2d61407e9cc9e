import { badRequest } from "./refusals.ts";

export interface PageRequest {
  readonly position?: string | undefined;
  readonly limit?: number | undefined;
}

const defaultLimit = 25;
const maxLimit = 500;

/**
 * One page of items in the order of their keys, which are unique.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { position, limit }: PageRequest,
): { readonly items: Item[]; readonly position?: string } {
  if (limit !== undefined && limit < 1) throw badRequest("Limit must be greater than 0");
  const after = position === undefined ? undefined : Buffer.from(position, "base64url").toString();
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = sorted.slice(0, Math.min(limit ?? defaultLimit, maxLimit));
  return {
    items: page.map(({ item }) => item),
    ...(page.length < sorted.length && { position: Buffer.from(page.at(-1)!.key).toString("base64url") }),
  };
}

/** A sort key for what is listed in the order in which it was made. */
export function byAge(row: { readonly createdAt: number; readonly id: string }): string {
  return `${String(row.createdAt).padStart(16, "0")}/${row.id}`;
}
