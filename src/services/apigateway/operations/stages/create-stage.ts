import { ConflictException } from "../../../../api/apigateway/errors.ts";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { requireApi } from "../../records.ts";
import { badRequest } from "../../refusals.ts";
import { checkTags } from "../../rest-apis/check-settings.ts";
import { checkStageName, checkVariables, describeStage, refuseUnbuilt } from "../../stages/stage-settings.ts";
import { deployments, stages, type StageRow } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export const createStage: Handler<APIGatewayApi["CreateStage"]> = async (input, ctx) => {
  const { restApiId: apiId, stageName: name, deploymentId, description, variables } = input;
  checkStageName(name);
  checkVariables(variables);
  checkTags(input.tags ?? {});
  const row = await ctx.write(async (tx): Promise<StageRow> => {
    await requireApi(tx, ctx, apiId);
    refuseUnbuilt(input);
    if (!(await tx.get(deployments, [apiId, deploymentId]))) {
      throw badRequest("Deployment id does not exist");
    }
    if (await tx.get(stages, [apiId, name])) throw new ConflictException({ message: "Stage already exists" });
    const now = ctx.clock.now();
    const made: StageRow = defined({
      apiId,
      name,
      deploymentId,
      description,
      variables,
      createdAt: now,
      updatedAt: now,
      tags: { ...input.tags },
    });
    tx.put(stages, made);
    return made;
  });
  return describeStage(row);
};
