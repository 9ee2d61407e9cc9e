import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { describeDeployment } from "../../deployments/describe-deployment.ts";
import { takeSnapshot } from "../../deployments/take-snapshot.ts";
import { requireApi } from "../../records.ts";
import { badRequest } from "../../refusals.ts";
import { checkStageName, checkVariables, refuseUnbuilt } from "../../stages/stage-settings.ts";
import { deployments, snapshots, stages, type DeploymentRow, type StageRow } from "../../state.ts";

/**
 * Makes an immutable snapshot of the API; with a stage name that stage is made or moved to it.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
 */
export const createDeployment: Handler<APIGatewayApi["CreateDeployment"]> = async (input, ctx) => {
  const { restApiId: apiId, variables } = input;
  // An empty name is no name: Terraform's provider deploys without a stage like this, with empty variables.
  const stageName = input.stageName === "" ? undefined : input.stageName;
  const id = ctx.ids.alphanumeric(6);
  const row = await ctx.write(async (tx): Promise<DeploymentRow> => {
    const api = await requireApi(tx, ctx, apiId);
    refuseUnbuilt(input);
    if (stageName === undefined && Object.keys(variables ?? {}).length > 0) {
      throw badRequest("Stage name must be specified to set stage variables");
    }
    const now = ctx.clock.now();
    const made: DeploymentRow = defined({ apiId, id, createdAt: now, description: input.description });
    tx.put(snapshots, await takeSnapshot(tx, api, id));
    tx.put(deployments, made);
    if (stageName !== undefined) {
      checkStageName(stageName);
      checkVariables(variables);
      const before = await tx.get(stages, [apiId, stageName]);
      const stage: StageRow = defined({
        tags: {},
        createdAt: now,
        ...before,
        apiId,
        name: stageName,
        deploymentId: id,
        description: input.stageDescription ?? before?.description,
        variables: variables ? { ...before?.variables, ...variables } : before?.variables,
        updatedAt: now,
      });
      tx.put(stages, stage);
    }
    return made;
  });
  return describeDeployment(row);
};
