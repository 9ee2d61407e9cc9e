import { InvalidParameterException, ResourceAlreadyExistsException } from "../../../api/logs/errors.ts";
import type { CloudWatchLogsApi } from "../../../api/logs/types.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { Handler } from "../../../kernel/service.ts";
import { logGroups } from "../state.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const createLogGroup: Handler<CloudWatchLogsApi["CreateLogGroup"]> = async (input, ctx) => {
  if (input.kmsKeyId !== undefined) {
    throw new AwsError({
      code: "NotImplemented",
      message: "CloudWatch Logs: encryption with kmsKeyId is not implemented by Virga yet. Leave kmsKeyId out.",
      status: 501,
    });
  }
  if (input.logGroupName.startsWith("aws/")) {
    throw new InvalidParameterException({ message: "Log group names starting with 'aws/' are reserved for AWS use." });
  }
  const id = ctx.ids.uuid();
  await ctx.write(async (tx) => {
    if (await tx.get(logGroups, [input.logGroupName])) {
      throw new ResourceAlreadyExistsException({ message: "The specified log group already exists" });
    }
    tx.put(logGroups, {
      name: input.logGroupName,
      id,
      createdAt: ctx.clock.now(),
      class: input.logGroupClass ?? "STANDARD",
      deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
      tags: { ...input.tags },
    });
  });
  return {};
};
