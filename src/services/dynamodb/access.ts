import { parseArn } from "../../base/arn.ts";
import type { DynamoDBApi } from "../../api/dynamodb/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import { tableArn } from "./tables/table-name.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The ARN of a table that is given by name or by ARN. */
function arnOf(nameOrArn: string, at: Place): string {
  return parseArn(nameOrArn) ? nameOrArn : tableArn(at, nameOrArn);
}

function onTable(input: { readonly TableName?: string | undefined }, at: Place): readonly Access[] {
  return [{ resource: arnOf(input.TableName!, at) }];
}

function onResource(input: { readonly ResourceArn?: string | undefined }): readonly Access[] {
  return [{ resource: input.ResourceArn! }];
}

function onTableOrIndex(
  input: { readonly TableName?: string | undefined; readonly IndexName?: string | undefined },
  at: Place,
): readonly Access[] {
  const table = arnOf(input.TableName!, at);
  return [{ resource: input.IndexName === undefined ? table : `${table}/index/${input.IndexName}` }];
}

function onTables(input: { readonly RequestItems?: object | undefined }, at: Place): readonly Access[] {
  return Object.keys(input.RequestItems!).map((nameOrArn) => ({ resource: arnOf(nameOrArn, at) }));
}

/**
 * What each operation touches.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export const access: NonNullable<ServiceDefinition<DynamoDBApi>["access"]> = {
  CreateTable: onTable,
  DescribeTable: onTable,
  UpdateTable: onTable,
  DeleteTable: onTable,
  PutItem: onTable,
  GetItem: onTable,
  UpdateItem: onTable,
  DeleteItem: onTable,
  Query: onTableOrIndex,
  Scan: onTableOrIndex,
  BatchGetItem: onTables,
  BatchWriteItem: onTables,
  // Transactions need the permission of each plain operation in them.
  TransactGetItems: (input, at) =>
    input.TransactItems!.map((each) => ({ resource: arnOf(each.Get!.TableName!, at), action: "dynamodb:GetItem" })),
  TransactWriteItems: (input, at) =>
    input.TransactItems!.flatMap((each) =>
      (
        [
          ["PutItem", each.Put],
          ["UpdateItem", each.Update],
          ["DeleteItem", each.Delete],
          ["ConditionCheckItem", each.ConditionCheck],
        ] as const
      ).flatMap(([operation, target]) =>
        target ? [{ resource: arnOf(target.TableName!, at), action: `dynamodb:${operation}` }] : [],
      ),
    ),
  TagResource: onResource,
  UntagResource: onResource,
  ListTagsOfResource: onResource,
  DescribeTimeToLive: onTable,
  DescribeContinuousBackups: onTable,
};
