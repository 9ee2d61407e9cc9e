import { InvalidParameterValueException } from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeFunction } from "../../functions/describe-function.ts";
import { requireLatest, versionOf } from "../../functions/function-name.ts";
import { notImplemented } from "../../functions/not-implemented.ts";
import { applyVersion } from "../../functions/publish.ts";
import { requireRevision, requireSettled } from "../../functions/require-settled.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html */
export const publishVersion: Handler<LambdaApi["PublishVersion"]> = async (input, ctx) => {
  if (input.PublishTo !== undefined) throw notImplemented("capacity providers (PublishTo) are");
  const given = { id: ctx.ids.uuid(), revisionId: ctx.ids.uuid(), description: input.Description };
  const version = await ctx.write(async (tx) => {
    const latest = await requireLatest(tx, ctx, input.FunctionName);
    requireRevision(latest, input.RevisionId);
    requireSettled(latest, ctx);
    if (input.CodeSha256 && input.CodeSha256 !== latest.code.sha256) {
      throw new InvalidParameterValueException({
        Type: "User",
        message:
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). ` +
          "Please try again with the CodeSHA256 in $LATEST.",
      });
    }
    return applyVersion(tx, latest, given);
  });
  return describeFunction(version, ctx, versionOf(version));
};
