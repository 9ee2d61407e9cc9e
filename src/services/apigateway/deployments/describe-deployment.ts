import type { Deployment } from "../../../api/apigateway/types.ts";
import type { DeploymentRow, SnapshotRow } from "../state.ts";

export function describeDeployment(row: DeploymentRow, snapshot?: SnapshotRow): Deployment {
  return {
    id: row.id,
    ...(row.description !== undefined && { description: row.description }),
    createdDate: new Date(row.createdAt),
    ...(snapshot && { apiSummary: summarize(snapshot) }),
  };
}

/** Methods by path and verb. */
function summarize({ resources, methods }: SnapshotRow): NonNullable<Deployment["apiSummary"]> {
  const byResource = Map.groupBy(methods, ({ resourceId }) => resourceId);
  return Object.fromEntries(
    resources
      .filter(({ id }) => byResource.has(id))
      .map(({ id, path }) => [
        path,
        Object.fromEntries(
          byResource
            .get(id)!
            .map(({ httpMethod, authorizationType }) => [httpMethod, { authorizationType, apiKeyRequired: false }]),
        ),
      ]),
  );
}
