import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import { maxUnzippedBytes } from "../functions/package-folders.ts";
import type { CodePackage, LayerUse } from "../state.ts";
import { findLayerVersion, layerArn, parseLayerName } from "./layer-version.ts";

const maxLayers = 5;

/**
 * The layer versions that a function asks for; the caller must be allowed to read each. Undefined when the request names none.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
 */
export async function readLayers(
  arns: readonly string[] | undefined,
  ctx: RequestContext,
): Promise<readonly LayerUse[] | undefined> {
  if (arns === undefined) return undefined;
  if (arns.length > maxLayers) throw invalid(`Cannot reference more than ${maxLayers} layers.`);
  const used: LayerUse[] = [];
  const seen = new Map<string, string>();
  for (const arn of arns) {
    const { account, region, name, version } = parseLayerName(arn, ctx);
    if (region !== ctx.region) {
      throw invalid(
        `Layers are not in the same region as the function. Layers are expected to be in region ${ctx.region}.`,
      );
    }
    const owner = ctx.at(account, region);
    const isOurs = account === ctx.account;
    // Whether another account's layer exists is told only to those who may read it.
    if (!isOurs) await requireReadable(arn, ctx);
    const row =
      version === undefined ? undefined : await owner.read((snapshot) => findLayerVersion(snapshot, name, version));
    if (!row) throw invalid(`Layer version ${arn} does not exist.`);
    if (isOurs) await requireReadable(arn, ctx);
    const layer = layerArn(owner, name);
    const other = seen.get(layer);
    if (other !== undefined) {
      throw invalid(
        "Two different versions of the same layer are not allowed to be referenced in the same function. " +
          `${other} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(layer, arn);
    used.push({ arn, code: row.code });
  }
  return used;
}

/** @throws {AccessDeniedException} */
async function requireReadable(arn: string, ctx: RequestContext): Promise<void> {
  await ctx.aws(ctx.principal).lambda.GetLayerVersionByArn({ Arn: arn });
}

/** Refuses a function whose code and layers are too large together. */
export function requireRoom(code: CodePackage, layers: readonly LayerUse[] | undefined): void {
  const size = (layers ?? []).reduce((sum, layer) => sum + layer.code.unzippedSize, code.unzippedSize);
  if (!(size > maxUnzippedBytes)) return;
  throw invalid(
    `Function code combined with layers exceeds the maximum allowed size of ${maxUnzippedBytes} bytes. ` +
      `The actual size is ${size} bytes.`,
  );
}

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ Type: "User", message });
}
