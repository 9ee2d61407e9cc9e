import {
  PolicyLengthExceededException,
  PreconditionFailedException,
  ResourceConflictException,
  ResourceNotFoundException,
} from "../../../../api/lambda/errors.ts";
import type { LambdaApi } from "../../../../api/lambda/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { maxPolicyBytes, policyOf } from "../../functions/resource-policy.ts";
import { layerArn, parseLayerName, requireLayerVersion } from "../../layers/layer-version.ts";
import { layerVersions, type LayerVersionRow, type PolicyStatement } from "../../state.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html */
export const addLayerVersionPermission: Handler<LambdaApi["AddLayerVersionPermission"]> = async (input, ctx) => {
  const { name } = parseLayerName(input.LayerName, ctx);
  const revisionId = ctx.ids.uuid();
  const statement: PolicyStatement = {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: /^\d{12}$/.test(input.Principal) ? { AWS: `arn:aws:iam::${input.Principal}:root` } : principalOf(input),
    Action: input.Action,
    Resource: layerArn(ctx, name, input.VersionNumber),
    ...(input.OrganizationId !== undefined && {
      Condition: { StringEquals: { "aws:PrincipalOrgID": input.OrganizationId } },
    }),
  };
  await ctx.write(async (tx) => {
    const row = await requireLayerVersion(tx, ctx, name, input.VersionNumber);
    if (row.statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw new ResourceConflictException({
        Type: "User",
        message: `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      });
    }
    requireRevision(row, input.RevisionId);
    const statements = [...row.statements, statement];
    const size = Buffer.byteLength(policyOf(statements)!);
    if (size > maxPolicyBytes) {
      throw new PolicyLengthExceededException({
        Type: "User",
        message: `The final policy size (${size}) is bigger than the limit (${maxPolicyBytes}).`,
      });
    }
    tx.put(layerVersions, { ...row, statements, revisionId });
  });
  return { Statement: JSON.stringify(statement), RevisionId: revisionId };
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_RemoveLayerVersionPermission.html */
export const removeLayerVersionPermission: Handler<LambdaApi["RemoveLayerVersionPermission"]> = async (input, ctx) => {
  const { name } = parseLayerName(input.LayerName, ctx);
  const revisionId = ctx.ids.uuid();
  await ctx.write(async (tx) => {
    const row = await requireLayerVersion(tx, ctx, name, input.VersionNumber);
    requireRevision(row, input.RevisionId);
    const statements = row.statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (statements.length === row.statements.length) {
      throw new ResourceNotFoundException({
        Type: "User",
        message: `Statement ${input.StatementId} is not found in resource policy.`,
      });
    }
    tx.put(layerVersions, { ...row, statements, revisionId });
  });
  return {};
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionPolicy.html */
export const getLayerVersionPolicy: Handler<LambdaApi["GetLayerVersionPolicy"]> = async (input, ctx) => {
  const { name } = parseLayerName(input.LayerName, ctx);
  const row = await ctx.read((snapshot) => requireLayerVersion(snapshot, ctx, name, input.VersionNumber));
  const policy = policyOf(row.statements);
  if (policy === undefined) {
    const message = "No policy is associated with the given resource.";
    throw new ResourceNotFoundException({ Type: "User", message });
  }
  return { Policy: policy, RevisionId: row.revisionId };
};

/** The model admits account ids, `*` and ARNs. */
function principalOf({ Principal: principal }: { readonly Principal: string }): PolicyStatement["Principal"] {
  return principal === "*" ? "*" : { AWS: principal };
}

function requireRevision(row: LayerVersionRow, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === row.revisionId) return;
  throw new PreconditionFailedException({
    Type: "User",
    message:
      "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
  });
}
