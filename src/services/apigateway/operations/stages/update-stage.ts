import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { applyPatch, type PatchPath, readBoolean, type UnknownPath } from "../../patch.ts";
import { requireApi, requireStage, withEntry, withoutEntry } from "../../records.ts";
import { badRequest, notImplemented } from "../../refusals.ts";
import { checkVariables, describeStage, refuseUnbuilt } from "../../stages/stage-settings.ts";
import { deployments, stages, type StageRow } from "../../state.ts";

const paths: readonly PatchPath<StageRow>[] = [
  { path: "/deploymentId", ops: ["replace"], apply: (row, { value }) => ({ ...row, deploymentId: value }) },
  {
    path: "/description",
    ops: ["replace"],
    apply: (row, { value }) => defined({ ...row, description: value === "" ? undefined : value }),
  },
  {
    path: "/variables/{name}",
    ops: ["add", "remove", "replace"],
    apply: ({ variables: before, ...row }, { op, key, value }) => {
      if (op === "remove") return defined({ ...row, variables: withoutEntry(before, key) });
      const variables = withEntry(before, key, value);
      checkVariables(variables);
      return { ...row, variables };
    },
  },
  {
    path: "/cacheClusterEnabled",
    ops: ["replace"],
    apply: (row, { value }) => {
      refuseUnbuilt({ cacheClusterEnabled: readBoolean(value) });
      return row;
    },
  },
  {
    path: "/cacheClusterSize",
    ops: ["replace"],
    apply: (row, { value }) => {
      refuseUnbuilt({ cacheClusterSize: value });
      return row;
    },
  },
  {
    path: "/tracingEnabled",
    ops: ["replace"],
    apply: (row, { value }) => {
      refuseUnbuilt({ tracingEnabled: readBoolean(value) });
      return row;
    },
  },
];

/** Stages have settings of methods in their paths; none of them is built. */
const unbuilt =
  /^\/(?:clientCertificateId|documentationVersion|accessLogSettings(?:\/.*)?|canarySettings(?:\/.*)?|.+\/(?:metrics|logging|throttling|caching)\/.+)$/;

const unknown: UnknownPath = (path) => {
  if (unbuilt.test(path)) throw notImplemented(`the stage setting ${path}`);
  return `Invalid method setting path: ${path}. Must be one of: [/deploymentId, /description, /variables/{variable_name}, …]`;
};

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html */
export const updateStage: Handler<APIGatewayApi["UpdateStage"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    await requireApi(tx, ctx, input.restApiId);
    const before = await requireStage(tx, input.restApiId, input.stageName);
    const row = { ...applyPatch(before, input.patchOperations, paths, unknown), updatedAt: ctx.clock.now() };
    if (!(await tx.get(deployments, [row.apiId, row.deploymentId]))) {
      throw badRequest("Deployment id does not exist");
    }
    tx.put(stages, row);
    return describeStage(row);
  });
