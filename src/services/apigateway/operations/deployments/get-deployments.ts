import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeDeployment } from "../../deployments/describe-deployment.ts";
import { byAge, pageOf } from "../../pages.ts";
import { collect, requireApi } from "../../records.ts";
import { deployments } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetDeployments.html */
export const getDeployments: Handler<APIGatewayApi["GetDeployments"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    await requireApi(snapshot, ctx, input.restApiId);
    const all = await collect(snapshot.list(deployments, { prefix: [input.restApiId] }));
    const { items, ...page } = pageOf(all, byAge, input);
    return { items: items.map((row) => describeDeployment(row)), ...page };
  });
