import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeDeployment } from "../../deployments/describe-deployment.ts";
import { requireApi, requireDeployment } from "../../records.ts";
import { snapshots } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetDeployment.html */
export const getDeployment: Handler<APIGatewayApi["GetDeployment"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireApi(snapshot, ctx, input.restApiId);
    const row = await requireDeployment(snapshot, input.restApiId, input.deploymentId);
    const embed = input.embed?.some((name) => name.toLowerCase() === "apisummary");
    return describeDeployment(row, embed ? await snapshot.get(snapshots, [row.apiId, row.id]) : undefined);
  });
