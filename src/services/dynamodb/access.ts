import { parseArn } from "../../base/arn.ts";
import type { DynamoDBApi } from "../../api/dynamodb/types.ts";
import type { Access, ServiceDefinition } from "../../kernel/service.ts";
import type { ItemAccess, ItemRequest } from "./condition-keys.ts";
import { statementAccess } from "./partiql/access.ts";
import type { StatementAccess, StatementRequest } from "./partiql/access.ts";
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

function onBackup(input: { readonly BackupArn: string }): readonly Access[] {
  return [{ resource: input.BackupArn }];
}

function onItem(input: ItemRequest, at: Place, action?: string): readonly ItemAccess[] {
  const table = arnOf(input.TableName!, at);
  const resource = input.IndexName === undefined ? table : `${table}/index/${input.IndexName}`;
  return [{ resource, requests: [input], ...(action !== undefined && { action: `dynamodb:${action}` }) }];
}

function onStatement(input: StatementRequest, at: Place): readonly StatementAccess[] {
  return statementAccess(input, (nameOrArn) => arnOf(nameOrArn, at));
}

/**
 * What each operation touches.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export const access: NonNullable<ServiceDefinition<DynamoDBApi>["access"]> = {
  // Though the action has no resource, refusals name every table of the region, and policies on `table/*` allow it.
  ListTables: (_, at) => [{ resource: tableArn(at, "*") }],
  CreateTable: onTable,
  DescribeTable: onTable,
  UpdateTable: onTable,
  DeleteTable: onTable,
  PutItem: onItem,
  GetItem: onItem,
  UpdateItem: onItem,
  DeleteItem: onItem,
  Query: (input, at) => onItem(input, at),
  Scan: (input, at) => onItem(input, at),
  BatchGetItem: (input, at) =>
    Object.entries(input.RequestItems).map(([TableName, asked]) => ({
      resource: arnOf(TableName, at),
      requests: [{ TableName, ...asked }],
    })),
  BatchWriteItem: (input, at) =>
    Object.entries(input.RequestItems).map(([TableName, writes]) => ({
      resource: arnOf(TableName, at),
      requests: writes.map(({ PutRequest: put, DeleteRequest: remove }) => ({ TableName, ...put, ...remove })),
    })),
  // Transactions need the permission of each plain operation in them.
  TransactGetItems: (input, at) => input.TransactItems.flatMap(({ Get: get }) => onItem(get, at, "GetItem")),
  TransactWriteItems: (input, at) =>
    input.TransactItems.flatMap(({ Put: put, Update: update, Delete: remove, ConditionCheck: check }) => [
      ...(put ? onItem(put, at, "PutItem") : []),
      ...(update ? onItem(update, at, "UpdateItem") : []),
      ...(remove ? onItem(remove, at, "DeleteItem") : []),
      ...(check ? onItem(check, at, "ConditionCheckItem") : []),
    ]),
  ExecuteStatement: (input, at) => onStatement(input, at),
  BatchExecuteStatement: (input, at) => input.Statements.flatMap((each) => onStatement(each, at)),
  ExecuteTransaction: (input, at) => input.TransactStatements.flatMap((each) => onStatement(each, at)),
  TagResource: onResource,
  UntagResource: onResource,
  ListTagsOfResource: onResource,
  UpdateTimeToLive: onTable,
  DescribeTimeToLive: onTable,
  DescribeContinuousBackups: onTable,
  DescribeKinesisStreamingDestination: onTable,
  CreateBackup: onTable,
  DescribeBackup: onBackup,
  DeleteBackup: onBackup,
  // The new table is written to, and has to be within what one may restore.
  RestoreTableFromBackup: (input, at) => [...onBackup(input), { resource: arnOf(input.TargetTableName, at) }],
};
