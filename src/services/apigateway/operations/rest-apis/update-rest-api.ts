import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { applyPatch, namesPath, type PatchPath, readBoolean } from "../../patch.ts";
import { requireApi } from "../../records.ts";
import { badRequest, notImplemented } from "../../refusals.ts";
import { checkName, readEndpointConfiguration, refuseCompression } from "../../rest-apis/check-settings.ts";
import { describeRestApi } from "../../rest-apis/describe-rest-api.ts";
import { restApis, type RestApiRow } from "../../state.ts";

const replace = ["replace"] as const;
const all = ["add", "remove", "replace"] as const;

const paths: readonly PatchPath<RestApiRow>[] = [
  {
    path: "/name",
    ops: replace,
    apply: (row, { value }) => {
      checkName(value);
      return { ...row, name: value };
    },
  },
  {
    path: "/description",
    ops: ["replace", "remove"],
    apply: (row, { op, value }) =>
      defined({ ...row, description: op === "remove" || value === "" ? undefined : value }),
  },
  {
    path: "/version",
    ops: ["replace", "remove"],
    apply: (row, { op, value }) => defined({ ...row, version: op === "remove" ? undefined : value }),
  },
  { path: "/binaryMediaTypes/{type}", ops: all, apply: patchBinaryMediaTypes },
  {
    path: "/apiKeySource",
    ops: replace,
    apply: (row, { value }) => {
      if (value !== "HEADER" && value !== "AUTHORIZER") throw badRequest("Invalid API key source specified");
      return { ...row, apiKeySource: value };
    },
  },
  {
    path: "/disableExecuteApiEndpoint",
    ops: replace,
    apply: (row, { value }) => ({ ...row, disableExecuteApiEndpoint: readBoolean(value) }),
  },
  { path: "/endpointConfiguration/types/{type}", ops: replace, apply: patchEndpointType },
  {
    path: "/endpointConfiguration/ipAddressType",
    ops: replace,
    apply: (row, { value }) => {
      if (value !== "ipv4" && value !== "dualstack") throw badRequest("Invalid IP address type specified");
      return { ...row, endpointConfiguration: { ...row.endpointConfiguration, ipAddressType: value } };
    },
  },
  {
    path: "/endpointConfiguration/vpcEndpointIds",
    ops: all,
    apply: () => {
      throw notImplemented("the endpoint type PRIVATE");
    },
  },
  {
    path: "/minimumCompressionSize",
    ops: replace,
    // Without a value compression is off, as it always is here.
    apply: (row, { value }) => (value === "" ? row : refuseCompression(Number(value))),
  },
  {
    path: "/policy",
    ops: ["replace", "remove"],
    apply: (row, { value }) => {
      if (value !== "") throw notImplemented("the resource policy of a REST API");
      return row;
    },
  },
  {
    path: "/endpointAccessMode",
    ops: replace,
    apply: (row, { value }) => {
      if (value === "STRICT") throw notImplemented("the endpoint access mode STRICT");
      if (value !== "BASIC") throw badRequest("Invalid endpoint access mode specified");
      return { ...row, endpointAccessMode: value };
    },
  },
  {
    path: "/securityPolicy",
    ops: replace,
    apply: (row, { value }) => ({ ...row, securityPolicy: value }),
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateRestApi.html */
export const updateRestApi: Handler<APIGatewayApi["UpdateRestApi"]> = async (input, ctx) => {
  const row = await ctx.write(async (tx) => {
    const before = await requireApi(tx, ctx, input.restApiId);
    const after = applyPatch(before, input.patchOperations, paths, namesPath);
    tx.put(restApis, after);
    return after;
  });
  // Here, unlike elsewhere, AWS answers no tags as an empty map.
  return { ...describeRestApi(row), tags: { ...row.tags } };
};

function patchBinaryMediaTypes(
  row: RestApiRow,
  { op, key, value }: { readonly op: string; readonly key: string; readonly value: string },
): RestApiRow {
  const others = (row.binaryMediaTypes ?? []).filter((type) => type !== key);
  const left = op === "remove" ? others : [...others, op === "replace" && value !== "" ? value : key];
  const { binaryMediaTypes: _, ...rest } = row;
  return defined({ ...rest, binaryMediaTypes: left.length > 0 ? left : undefined });
}

/** `/endpointConfiguration/types/EDGE` with value `REGIONAL`: what stood there becomes the value. */
function patchEndpointType(row: RestApiRow, { value }: { readonly value: string }): RestApiRow {
  if (value !== "EDGE" && value !== "REGIONAL" && value !== "PRIVATE") {
    throw badRequest(`Invalid EndpointType: ${value}`);
  }
  const { ipAddressType } = row.endpointConfiguration;
  return { ...row, endpointConfiguration: readEndpointConfiguration({ types: [value], ipAddressType }) };
}
