import { AwsError } from "../../../api/aws-error.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import { assumeExecutionRole } from "../functions/execution-role.ts";
import { versionOf } from "../functions/function-name.ts";
import type { FunctionRow } from "../state.ts";

export interface AsyncResult {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly condition: "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";
  readonly attempts: number;
  /** Absent when the function did not run. */
  readonly answer?: { readonly payload: Uint8Array; readonly failed: boolean };
}

/**
 * Tells a destination how an asynchronous invocation ended, as the function's execution role.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function sendRecord(
  destination: string,
  result: AsyncResult,
  row: FunctionRow,
  arn: string,
  ctx: ServiceContext,
): Promise<void> {
  const { answer } = result;
  const record = {
    version: "1.0",
    timestamp: new Date(ctx.clock.now()).toISOString(),
    requestContext: {
      requestId: result.requestId,
      functionArn: arn,
      condition: result.condition,
      approximateInvokeCount: result.attempts,
    },
    requestPayload: JSON.parse(result.event) as unknown,
    ...(answer && {
      responseContext: {
        statusCode: 200,
        executedVersion: versionOf(row),
        ...(answer.failed && { functionError: "Unhandled" }),
      },
      responsePayload: parseAnswer(answer.payload),
    }),
  };
  try {
    const { principal } = await assumeExecutionRole(ctx, row.role, row.name);
    const Payload = Buffer.from(JSON.stringify(record));
    await ctx.aws(principal).lambda.Invoke({ FunctionName: destination, InvocationType: "Event", Payload });
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) throw error;
    // As on AWS: what the role may not do, or a destination that is gone, loses the record.
    ctx.log.warn("A destination cannot be told of an asynchronous invocation.", { destination, function: arn, error });
  }
}

/** A custom runtime may answer anything. */
function parseAnswer(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
