import { AwsError } from "../../api/aws-error.ts";
import type { Condition } from "../../api/dynamodb/types.ts";
import { toBase64 } from "../../base/bytes.ts";
import type { ServiceContext } from "../../kernel/context.ts";
import type { Access } from "../../kernel/service.ts";
import type { ExpressionCache } from "./expressions/expressions.ts";
import { pathsOf } from "./expressions/condition-paths.ts";
import { parseCondition } from "./expressions/condition-parser.ts";
import { keyConditionOf } from "./expressions/key-condition.ts";
import type { ExpressionNames } from "./expressions/parser.ts";
import { parseProjection } from "./expressions/projection.ts";
import { operandPathsOf } from "./expressions/update-paths.ts";
import { parseUpdate } from "./expressions/update-parser.ts";
import type { AttributeValue } from "./items/attribute-value.ts";
import { checkValue } from "./items/check-value.ts";
import { readKeyConditions } from "./legacy/legacy-conditions.ts";
import { resolveStatementAccess } from "./partiql/access.ts";
import type { StatementAccess } from "./partiql/access.ts";
import { tables } from "./state.ts";
import type { KeySchemaRow } from "./state.ts";
import { findTableName } from "./tables/table-name.ts";

type ConditionKeys = Record<string, string | readonly string[]>;

/** What the requests of all item operations have in common, as far as it bears on access. */
export interface ItemRequest {
  readonly TableName?: string | undefined;
  readonly IndexName?: string | undefined;
  readonly Item?: Readonly<Record<string, unknown>> | undefined;
  readonly Key?: Readonly<Record<string, unknown>> | undefined;
  readonly Keys?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly Expected?: object | undefined;
  readonly AttributeUpdates?: object | undefined;
  readonly QueryFilter?: object | undefined;
  readonly ScanFilter?: object | undefined;
  readonly KeyConditions?: Readonly<Record<string, Condition>> | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  readonly Select?: string | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
}

/** An access that was made for items: what it asks of them tells its condition keys. */
export interface ItemAccess extends Access {
  readonly requests: readonly ItemRequest[];
}

/**
 * Adds the condition keys of fine-grained access control.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function resolveAccess(
  cache: ExpressionCache,
): (access: Access | ItemAccess | StatementAccess, ctx: ServiceContext) => Promise<Access> {
  return async (access, ctx) => {
    if ("statement" in access) return resolveStatementAccess(access, ctx);
    return "requests" in access ? withConditionKeys(cache, access, ctx) : access;
  };
}

async function withConditionKeys(cache: ExpressionCache, access: ItemAccess, ctx: ServiceContext): Promise<Access> {
  const { requests } = access;
  const leading = new Set<string>();
  const attributes = new Set<string>();
  await ctx.read(async (snapshot) => {
    for (const request of requests) {
      const name = ignoringFaults(() => findTableName(request.TableName!, ctx));
      const table = name === undefined ? undefined : await snapshot.get(tables, [name]);
      const index = table?.indexes.find((each) => each.name === request.IndexName);
      if (table) for (const key of leadingKeys(cache, request, index ?? table)) leading.add(key);
      for (const attribute of attributesOf(cache, request)) attributes.add(attribute);
    }
  });
  const [first] = requests;
  const conditions: ConditionKeys = {
    ...access.conditions,
    ...(leading.size > 0 && { "dynamodb:LeadingKeys": [...leading] }),
    ...(attributes.size > 0 && { "dynamodb:Attributes": [...attributes] }),
    ...(first?.Select !== undefined && { "dynamodb:Select": first.Select }),
    ...(first?.ReturnValues !== undefined && { "dynamodb:ReturnValues": first.ReturnValues }),
    ...(first?.ReturnConsumedCapacity !== undefined && {
      "dynamodb:ReturnConsumedCapacity": first.ReturnConsumedCapacity,
    }),
  };
  return { ...access, conditions };
}

/** The partition keys that a request names. */
function leadingKeys(cache: ExpressionCache, request: ItemRequest, schema: KeySchemaRow): string[] {
  const { name } = schema.partition;
  const given = [request.Item, request.Key, ...(request.Keys ?? [])].flatMap((attributes) =>
    attributes && Object.hasOwn(attributes, name) ? [attributes[name]] : [],
  );
  const values = given.flatMap((value) => ignoringFaults(() => checkValue(value)) ?? []);
  const asked = ignoringFaults(() => queriedPartition(cache, request, schema));
  return [...values, ...(asked ? [asked] : [])].flatMap((value) => textOf(value) ?? []);
}

function queriedPartition(
  cache: ExpressionCache,
  request: ItemRequest,
  schema: KeySchemaRow,
): AttributeValue | undefined {
  const legacy = readKeyConditions(request.KeyConditions);
  if (legacy) return keyConditionOf(legacy.condition, legacy.values, schema.partition, schema.sort).partition;
  if (request.KeyConditionExpression === undefined) return undefined;
  const label = "KeyConditionExpression";
  const parsed = cache.get(label, request.KeyConditionExpression, namesOf(request), parseCondition);
  const values = new Map(
    Object.entries(request.ExpressionAttributeValues ?? {}).map(([name, value]) => [name, checkValue(value)]),
  );
  if ([...parsed.values].some((name) => !values.has(name))) return undefined;
  return keyConditionOf(parsed.condition, values, schema.partition, schema.sort).partition;
}

function textOf(value: AttributeValue): string | undefined {
  if ("S" in value) return value.S;
  if ("N" in value) return value.N;
  return "B" in value ? toBase64(value.B) : undefined;
}

/** The top-level attributes that a request names. */
function attributesOf(cache: ExpressionCache, request: ItemRequest): string[] {
  const names = namesOf(request);
  const conditions = (["ConditionExpression", "FilterExpression", "KeyConditionExpression"] as const).flatMap(
    (label) => {
      const text = request[label];
      if (text === undefined) return [];
      return ignoringFaults(() => pathsOf(cache.get(label, text, names, parseCondition).condition)) ?? [];
    },
  );
  const { ProjectionExpression: projection, UpdateExpression: update } = request;
  const paths = [
    ...conditions,
    ...(projection === undefined
      ? []
      : (ignoringFaults(() => cache.get("ProjectionExpression", projection, names, parseProjection).paths) ?? [])),
    ...(update === undefined
      ? []
      : (ignoringFaults(() =>
          cache.get("UpdateExpression", update, names, parseUpdate).actions.flatMap(operandPathsOf),
        ) ?? [])),
  ];
  return [
    ...Object.keys(request.Item ?? {}),
    ...[request.Key, ...(request.Keys ?? [])].flatMap((key) => Object.keys(key ?? {})),
    ...(request.AttributesToGet ?? []),
    ...[
      request.Expected,
      request.AttributeUpdates,
      request.QueryFilter,
      request.ScanFilter,
      request.KeyConditions,
    ].flatMap((named) => Object.keys(named ?? {})),
    ...paths.map((path) => path[0]),
  ];
}

function namesOf(request: ItemRequest): ExpressionNames {
  return new Map(Object.entries(request.ExpressionAttributeNames ?? {}));
}

/** A malformed request is refused by its operation; here it only names nothing. */
function ignoringFaults<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
