import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeDeployment } from "../../deployments/describe-deployment.ts";
import { applyPatch, listsPaths, type PatchPath } from "../../patch.ts";
import { requireApi, requireDeployment } from "../../records.ts";
import { deployments, type DeploymentRow } from "../../state.ts";

const paths: readonly PatchPath<DeploymentRow>[] = [
  { path: "/description", ops: ["replace"], apply: (row, { value }) => ({ ...row, description: value }) },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateDeployment.html */
export const updateDeployment: Handler<APIGatewayApi["UpdateDeployment"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    await requireApi(tx, ctx, input.restApiId);
    const before = await requireDeployment(tx, input.restApiId, input.deploymentId);
    const row = applyPatch(before, input.patchOperations, paths, listsPaths);
    tx.put(deployments, row);
    return describeDeployment(row);
  });
