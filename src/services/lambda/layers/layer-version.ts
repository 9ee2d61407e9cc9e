import { InvalidParameterValueException, ResourceNotFoundException } from "../../../api/lambda/errors.ts";
import type { GetLayerVersionResponse, LayerVersionsListItem } from "../../../api/lambda/types.ts";
import { formatArn } from "../../../base/arn.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import { layerVersions, type LayerVersionRow } from "../state.ts";

type Place = { readonly account: string; readonly region: string };

export interface LayerReference extends Place {
  readonly name: string;
  readonly version: number | undefined;
}

const layerArnForm =
  /^arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):layer:(?<name>[a-zA-Z0-9-_]+)(?::(?<version>\d{1,15}))?$/;

/** Reads a `LayerName` member: a name or an ARN, with or without a version. */
export function parseLayerName(text: string, at: Place): LayerReference {
  const groups = layerArnForm.exec(text)?.groups;
  if (!groups) return { account: at.account, region: at.region, name: text, version: undefined };
  const version = groups["version"] === undefined ? undefined : Number(groups["version"]);
  return { account: groups["account"]!, region: groups["region"]!, name: groups["name"]!, version };
}

export function layerArn(at: Place, name: string, version?: number): string {
  return formatArn("lambda", at.region, at.account, `layer:${name}${version === undefined ? "" : `:${version}`}`);
}

export function requireVersionNumber(version: number): void {
  if (version >= 1) return;
  throw new InvalidParameterValueException({ Type: "User", message: "Layer Version Cannot be less than 1" });
}

export async function findLayerVersion(
  snapshot: Snapshot,
  name: string,
  version: number,
): Promise<LayerVersionRow | undefined> {
  const row = await snapshot.get(layerVersions, [name, version]);
  return row?.deleted ? undefined : row;
}

/** For operations on a version's policy, which name the version in their refusal. */
export async function requireLayerVersion(
  snapshot: Snapshot,
  at: Place,
  name: string,
  version: number,
): Promise<LayerVersionRow> {
  const row = await findLayerVersion(snapshot, name, version);
  if (row) return row;
  const message = `Layer version ${layerArn(at, name, version)} does not exist.`;
  throw new ResourceNotFoundException({ Type: "User", message });
}

export function describeLayerVersion(row: LayerVersionRow, at: Place): LayerVersionsListItem {
  return {
    LayerVersionArn: layerArn(at, row.layerName, row.version),
    Version: row.version,
    Description: row.description,
    CreatedDate: new Date(row.createdAt).toISOString().replace("Z", "+0000"),
    ...(row.runtimes && { CompatibleRuntimes: [...row.runtimes] }),
    ...(row.architectures && { CompatibleArchitectures: [...row.architectures] }),
    ...(row.license !== undefined && { LicenseInfo: row.license }),
  };
}

/** With the layer's own ARN and where its content is. */
export function describeWholeLayerVersion(row: LayerVersionRow, owner: ServiceContext): GetLayerVersionResponse {
  return {
    ...describeLayerVersion(row, owner),
    LayerArn: layerArn(owner, row.layerName),
    Content: {
      // On AWS a presigned URL; here the blob's unguessable id is the permission.
      Location: `${owner.endpoint}/_aws/lambda/packages/${owner.region}/${row.code.blobId}`,
      CodeSha256: row.code.sha256,
      CodeSize: row.code.size,
    },
  };
}
