import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import {
  checkIntegration,
  readPassthroughBehavior,
  refuseContentHandling,
} from "../../integrations/check-integration.ts";
import { describeIntegration } from "../../methods/describe-method.ts";
import { applyPatch, namesPath, type PatchPath, readBoolean } from "../../patch.ts";
import { requireIntegration, withEntry, withoutEntry } from "../../records.ts";
import { badRequest, notImplemented } from "../../refusals.ts";
import { methods, type IntegrationRow } from "../../state.ts";

const all = ["add", "remove", "replace"] as const;
const replace = ["replace"] as const;

const paths: readonly PatchPath<IntegrationRow>[] = [
  { path: "/uri", ops: replace, apply: (row, { value }) => ({ ...row, uri: value }) },
  { path: "/httpMethod", ops: replace, apply: (row, { value }) => ({ ...row, httpMethod: value }) },
  {
    path: "/credentials",
    ops: ["replace", "remove"],
    apply: (row, { value }) => defined({ ...row, credentials: value === "" ? undefined : value }),
  },
  {
    path: "/timeoutInMillis",
    ops: replace,
    apply: (row, { value }) => ({ ...row, timeoutInMillis: value === "" ? 29_000 : Number(value) }),
  },
  {
    path: "/passthroughBehavior",
    ops: replace,
    apply: (row, { value }) => ({ ...row, passthroughBehavior: readPassthroughBehavior(value) }),
  },
  {
    path: "/contentHandling",
    ops: replace,
    apply: (row, { value }) => {
      if (value === "") return defined({ ...row, contentHandling: undefined });
      refuseContentHandling(row.type, value);
      return { ...row, contentHandling: "CONVERT_TO_TEXT" };
    },
  },
  {
    path: "/connectionType",
    ops: replace,
    apply: (row, { value }) => {
      if (value !== "INTERNET") throw notImplemented(`the connection type ${value}`);
      return { ...row, connectionType: value };
    },
  },
  {
    path: "/tlsConfig/insecureSkipVerification",
    ops: replace,
    apply: (row, { value }) => {
      if (readBoolean(value)) throw notImplemented("tlsConfig of integrations");
      return { ...row, tlsConfig: { insecureSkipVerification: false } };
    },
  },
  {
    path: "/responseTransferMode",
    ops: replace,
    apply: (row, { value }) => {
      if (value === "STREAM") throw notImplemented("response streaming");
      if (value !== "BUFFERED") throw badRequest("Invalid response transfer mode specified");
      return { ...row, responseTransferMode: value };
    },
  },
  { path: "/cacheNamespace", ops: replace, apply: (row, { value }) => ({ ...row, cacheNamespace: value }) },
  {
    path: "/cacheKeyParameters/{name}",
    ops: ["add", "remove"],
    apply: (row, { op, key }) => {
      const others = row.cacheKeyParameters.filter((name) => name !== key);
      return { ...row, cacheKeyParameters: op === "remove" ? others : [...others, key] };
    },
  },
  {
    path: "/requestParameters/{name}",
    ops: all,
    apply: ({ requestParameters: before, ...row }, { op, key, value }) => {
      if (op !== "remove") return { ...row, requestParameters: withEntry(before, key, value) };
      if (!Object.hasOwn(before ?? {}, key)) throw badRequest("Invalid parameter name specified");
      return defined({ ...row, requestParameters: withoutEntry(before, key) });
    },
  },
  {
    path: "/requestTemplates/{contentType}",
    ops: all,
    apply: ({ requestTemplates: before, ...row }, { op, key, value }) =>
      op === "remove"
        ? defined({ ...row, requestTemplates: withoutEntry(before, key) })
        : { ...row, requestTemplates: withEntry(before, key, value) },
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateIntegration.html */
export const updateIntegration: Handler<APIGatewayApi["UpdateIntegration"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const method = await requireIntegration(tx, input);
    const integration = applyPatch(method.integration, input.patchOperations, paths, namesPath);
    checkIntegration(integration);
    tx.put(methods, { ...method, integration });
    return describeIntegration(integration);
  });
