import type { Snapshot } from "../../../kernel/records.ts";
import { findMethods, findResources } from "../records.ts";
import { badRequest } from "../refusals.ts";
import type { RestApiRow, SnapshotRow } from "../state.ts";

/** The API as it is now. Refuses one that could answer nothing. */
export async function takeSnapshot(snapshot: Snapshot, api: RestApiRow, deploymentId: string): Promise<SnapshotRow> {
  const methods = await findMethods(snapshot, api.id);
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ integration }) => integration === undefined)) {
    throw badRequest("No integration defined for method");
  }
  return {
    apiId: api.id,
    deploymentId,
    binaryMediaTypes: api.binaryMediaTypes ?? [],
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    resources: await findResources(snapshot, api.id),
    methods,
  };
}
