import type { DynamoDBApi } from "../../api/dynamodb/types.ts";
import type { ServiceDefinition } from "../../kernel/service.ts";
import { access } from "./access.ts";
import { resolveAccess } from "./condition-keys.ts";
import { ExpressionCache } from "./expressions/expressions.ts";
import { TransactionsInFlight } from "./items/transactions-in-flight.ts";
import { activateTable } from "./jobs/activate-table.ts";
import { deleteBackupItems } from "./jobs/delete-backup-items.ts";
import { fillBackup } from "./jobs/fill-backup.ts";
import { restoreTable } from "./jobs/restore-table.ts";
import { changeIndexes } from "./jobs/change-indexes.ts";
import { deleteTableItems } from "./jobs/delete-table-items.ts";
import { expireItem } from "./jobs/expire-item.ts";
import { expireTransactionToken } from "./jobs/expire-transaction-token.ts";
import { tendStream } from "./jobs/tend-stream.ts";
import { scheduleExpiries } from "./jobs/schedule-expiries.ts";
import { measureTable } from "./jobs/measure-table.ts";
import { batchExecuteStatement } from "./operations/batch-execute-statement.ts";
import { createBackup } from "./operations/backups/create-backup.ts";
import { deleteBackup } from "./operations/backups/delete-backup.ts";
import { describeBackup } from "./operations/backups/describe-backup.ts";
import { listBackups } from "./operations/backups/list-backups.ts";
import { restoreTableFromBackup } from "./operations/backups/restore-table-from-backup.ts";
import { batchGetItem } from "./operations/batch-get-item.ts";
import { batchWriteItem } from "./operations/batch-write-item.ts";
import { createTable } from "./operations/create-table.ts";
import { deleteItem } from "./operations/delete-item.ts";
import { deleteTable } from "./operations/delete-table.ts";
import { describeContinuousBackups } from "./operations/describe-continuous-backups.ts";
import { describeEndpoints } from "./operations/describe-endpoints.ts";
import { describeKinesisStreamingDestination } from "./operations/describe-kinesis-streaming-destination.ts";
import { describeLimits } from "./operations/describe-limits.ts";
import { describeTable } from "./operations/describe-table.ts";
import { describeTimeToLive } from "./operations/describe-time-to-live.ts";
import { executeStatement } from "./operations/execute-statement.ts";
import { executeTransaction } from "./operations/execute-transaction.ts";
import { getItem } from "./operations/get-item.ts";
import { listTables } from "./operations/list-tables.ts";
import { putItem } from "./operations/put-item.ts";
import { query } from "./operations/query.ts";
import { scan } from "./operations/scan.ts";
import { listTagsOfResource, tagResource, untagResource } from "./operations/tags.ts";
import { transactGetItems } from "./operations/transact-get-items.ts";
import { transactWriteItems } from "./operations/transact-write-items.ts";
import { updateItem } from "./operations/update-item.ts";
import { updateTimeToLive } from "./operations/update-time-to-live.ts";
import { updateTable } from "./operations/update-table.ts";

/** Amazon DynamoDB. */
export function dynamodbService(): ServiceDefinition<DynamoDBApi> {
  const cache = new ExpressionCache();
  const inFlight = new TransactionsInFlight();
  return {
    name: "dynamodb",
    iamPrefix: "dynamodb",
    scope: "regional",
    operations: {
      CreateTable: createTable,
      DescribeTable: describeTable,
      ListTables: listTables,
      UpdateTable: updateTable,
      DeleteTable: deleteTable,
      PutItem: putItem(cache),
      GetItem: getItem(cache),
      UpdateItem: updateItem(cache),
      DeleteItem: deleteItem(cache),
      Query: query(cache),
      Scan: scan(cache),
      BatchGetItem: batchGetItem(cache),
      BatchWriteItem: batchWriteItem,
      TransactGetItems: transactGetItems(cache, inFlight),
      TransactWriteItems: transactWriteItems(cache, inFlight),
      ExecuteStatement: executeStatement,
      BatchExecuteStatement: batchExecuteStatement,
      ExecuteTransaction: executeTransaction(inFlight),
      TagResource: tagResource,
      UntagResource: untagResource,
      ListTagsOfResource: listTagsOfResource,
      UpdateTimeToLive: updateTimeToLive,
      DescribeTimeToLive: describeTimeToLive,
      DescribeContinuousBackups: describeContinuousBackups,
      CreateBackup: createBackup,
      DescribeBackup: describeBackup,
      ListBackups: listBackups,
      DeleteBackup: deleteBackup,
      RestoreTableFromBackup: restoreTableFromBackup,
      DescribeKinesisStreamingDestination: describeKinesisStreamingDestination,
      DescribeEndpoints: describeEndpoints,
      DescribeLimits: describeLimits,
    },
    jobs: [
      activateTable,
      changeIndexes,
      deleteTableItems,
      expireItem,
      expireTransactionToken,
      measureTable,
      scheduleExpiries,
      tendStream,
      fillBackup,
      deleteBackupItems,
      restoreTable,
    ],
    access,
    resolveAccess: resolveAccess(cache),
  };
}
