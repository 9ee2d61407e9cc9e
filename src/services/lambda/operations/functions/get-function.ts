import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireSettledTarget } from "../../functions/watch-function.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunction: Handler<LambdaApi["GetFunction"]> = async (input, ctx) => {
  const { row, latest, qualifier } = await requireSettledTarget(ctx, input.FunctionName, input.Qualifier);
  return {
    Configuration: describeFunction(row, ctx, qualifier),
    Code: {
      RepositoryType: "S3",
      // On AWS a presigned URL; here the blob's unguessable id is the permission.
      Location: `${ctx.endpoint}/_aws/lambda/packages/${ctx.region}/${row.code.blobId}`,
    },
    ...(latest.reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: latest.reservedConcurrency },
    }),
    ...(Object.keys(latest.tags).length > 0 && { Tags: { ...latest.tags } }),
  };
};
