import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { byAge, pageOf } from "../../pages.ts";
import { collect } from "../../records.ts";
import { describeRestApi } from "../../rest-apis/describe-rest-api.ts";
import { restApis } from "../../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const getRestApis: Handler<APIGatewayApi["GetRestApis"]> = async (input, ctx) => {
  const all = await ctx.read((snapshot) => collect(snapshot.list(restApis)));
  const { items, ...page } = pageOf(all, byAge, input);
  return { items: items.map(describeRestApi), ...page };
};
