import { ResourceNotFoundException } from "../../../../api/lambda/errors.ts";
import type { GetLayerVersionResponse, LambdaApi } from "../../../../api/lambda/types.ts";
import type { RequestContext } from "../../../../kernel/context.ts";
import type { Handler } from "../../../../kernel/service.ts";
import {
  describeWholeLayerVersion,
  findLayerVersion,
  type LayerReference,
  parseLayerName,
  requireVersionNumber,
} from "../../layers/layer-version.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html */
export const getLayerVersion: Handler<LambdaApi["GetLayerVersion"]> = async (input, ctx) =>
  readVersion(parseLayerName(input.LayerName, ctx), input.VersionNumber, ctx);

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html */
export const getLayerVersionByArn: Handler<LambdaApi["GetLayerVersionByArn"]> = async (input, ctx) => {
  const reference = parseLayerName(input.Arn, ctx);
  return readVersion(reference, reference.version ?? 0, ctx);
};

async function readVersion(
  { account, region, name }: LayerReference,
  version: number,
  ctx: RequestContext,
): Promise<GetLayerVersionResponse> {
  requireVersionNumber(version);
  const owner = ctx.at(account, region);
  const row = await owner.read((snapshot) => findLayerVersion(snapshot, name, version));
  if (row) return describeWholeLayerVersion(row, owner);
  throw new ResourceNotFoundException({ Type: "User", message: "The resource you requested does not exist." });
}
