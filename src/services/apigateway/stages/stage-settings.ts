import type { Stage } from "../../../api/apigateway/types.ts";
import { badRequest, notImplemented } from "../refusals.ts";
import type { StageRow } from "../state.ts";

export function describeStage(row: StageRow): Stage {
  const { apiId: _, name, createdAt, updatedAt, variables, tags, ...same } = row;
  return {
    ...same,
    stageName: name,
    cacheClusterEnabled: false,
    cacheClusterStatus: "NOT_AVAILABLE",
    methodSettings: {},
    ...(variables && { variables: { ...variables } }),
    tracingEnabled: false,
    ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
    createdDate: new Date(createdAt),
    lastUpdatedDate: new Date(updatedAt),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export function checkStageName(name: string): void {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) throw badRequest("Stage name only allows a-zA-Z0-9_");
}

const variableValue = /^[A-Za-z0-9\-._~:/?#&=,]*$/;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html */
export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (!/^[A-Za-z0-9_]{1,64}$/.test(name)) throw badRequest("Invalid stage variable name");
    if (value.length > 512 || !variableValue.test(value)) {
      throw badRequest(
        `Stage variable value is invalid: Stage variable values must match the following regular expression: [A-Za-z0-9-._~:/?#&=,]+`,
      );
    }
  }
}

/** Settings of stages whose effect is not built. */
export function refuseUnbuilt(input: {
  readonly cacheClusterEnabled?: boolean | undefined;
  readonly cacheClusterSize?: string | undefined;
  readonly canarySettings?: object | undefined;
  readonly tracingEnabled?: boolean | undefined;
  readonly documentationVersion?: string | undefined;
}): void {
  if (input.cacheClusterEnabled) throw notImplemented("cacheClusterEnabled of stages");
  if (input.cacheClusterSize) throw notImplemented("cacheClusterSize of stages");
  if (input.canarySettings !== undefined) throw notImplemented("canarySettings of stages");
  if (input.tracingEnabled) throw notImplemented("tracingEnabled of stages");
  if (input.documentationVersion !== undefined) throw notImplemented("documentationVersion of stages");
}
