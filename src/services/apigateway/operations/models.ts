import type { APIGatewayApi, Model } from "../../../api/apigateway/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { pageOf } from "../pages.ts";
import { requireApi } from "../records.ts";
import { missing } from "../refusals.ts";
import { restApis } from "../state.ts";

/** Every API has these two from its creation; others cannot be made yet. */
const defaults: readonly (Model & { readonly name: string })[] = [
  {
    id: "empty0",
    name: "Empty",
    description: "This is a default empty schema model",
    schema: JSON.stringify(
      { $schema: "http://json-schema.org/draft-04/schema#", title: "Empty Schema", type: "object" },
      undefined,
      2,
    ),
    contentType: "application/json",
  },
  {
    id: "error0",
    name: "Error",
    description: "This is a default error schema model",
    schema: JSON.stringify(
      {
        $schema: "http://json-schema.org/draft-04/schema#",
        title: "Error Schema",
        type: "object",
        properties: { message: { type: "string" } },
      },
      undefined,
      2,
    ),
    contentType: "application/json",
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetModel.html */
export const getModel: Handler<APIGatewayApi["GetModel"]> = async (input, ctx) => {
  const model = defaults.find(({ name }) => name === input.modelName);
  // A wrong API is answered like a wrong name.
  const api = await ctx.read((snapshot) => snapshot.get(restApis, [input.restApiId]));
  if (!model || !api) throw missing.model(input.modelName);
  return { ...model };
};

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetModels.html */
export const getModels: Handler<APIGatewayApi["GetModels"]> = async (input, ctx) => {
  await ctx.read((snapshot) => requireApi(snapshot, ctx, input.restApiId));
  const { items, ...page } = pageOf(defaults, ({ name }) => name, input);
  return { items: items.map((model) => ({ ...model })), ...page };
};
