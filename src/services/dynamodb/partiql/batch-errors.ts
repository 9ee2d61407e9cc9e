import { AwsError } from "../../../api/aws-error.ts";
import type { BatchStatementError, BatchStatementErrorCodeEnum } from "../../../api/dynamodb/types.ts";

const codes: Readonly<Record<string, BatchStatementErrorCodeEnum>> = {
  ConditionalCheckFailedException: "ConditionalCheckFailed",
  DuplicateItemException: "DuplicateItem",
  ItemCollectionSizeLimitExceededException: "ItemCollectionSizeLimitExceeded",
  ProvisionedThroughputExceededException: "ProvisionedThroughputExceeded",
  ResourceNotFoundException: "ResourceNotFound",
  TransactionConflictException: "TransactionConflict",
  ValidationException: "ValidationError",
};

/** How a batch tells of a statement that failed; undefined for what fails the whole batch. */
export function batchErrorOf(error: unknown): BatchStatementError | undefined {
  if (!(error instanceof AwsError) || !Object.hasOwn(codes, error.name)) return undefined;
  return { Code: codes[error.name]!, Message: error.message, ...error.fields };
}
